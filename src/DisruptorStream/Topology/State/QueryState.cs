using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Topology.State;

/// <summary>
/// All that the stages of a query keep: window assignment, and each shard. It owns their native memory, and frees it
/// once.
/// </summary>
internal sealed class QueryState : IDisposable
{
    /// <summary>One whose shards are empty.</summary>
    /// <param name="plan">What the processor is.</param>
    /// <param name="query">What the query is.</param>
    /// <param name="assignment">The first stage.</param>
    /// <param name="outputs">Where the rows of each shard go.</param>
    /// <param name="counters">What each shard counts.</param>
    /// <param name="failures">What user code threw, of each shard.</param>
    /// <param name="zones">Asks for the time zone of a key; null where keys have none of their own.</param>
    /// <param name="abort">Cancelled at an abort.</param>
    public QueryState(
        ProcessorPlan plan,
        QueryPlan query,
        WindowAssignmentStage assignment,
        PaneOutput[] outputs,
        ShardCounters[] counters,
        Func<int, FailureLog> failures,
        Func<int, TimeZoneInfo>? zones,
        CancellationToken abort)
    {
        Assignment = assignment;
        Shards = new ShardState[outputs.Length];
        for (var shard = 0; shard < Shards.Length; shard++)
        {
            var context = NewContext(plan, query, shard, outputs[shard], counters[shard], failures(shard)) with
            {
                ZoneOfKey = zones,
                Abort = abort,
            };
            Shards[shard] = new ShardState(context, query.Window.NewStore(context));
        }
    }

    /// <summary>The first stage, which keeps the watermark, the sources and the open slices.</summary>
    public WindowAssignmentStage Assignment { get; }

    /// <summary>One for each shard, in their order.</summary>
    public ShardState[] Shards { get; }

    /// <summary>The first stage, without state.</summary>
    /// <param name="plan">What the processor is.</param>
    /// <param name="query">What the query is.</param>
    /// <param name="selection">What it takes of the slots; null for all.</param>
    public static WindowAssignmentStage NewAssignment(
        ProcessorPlan plan, QueryPlan query, QuerySelection? selection)
    {
        var input = plan.Inputs[0];
        var tracker = new WatermarkTracker(
            input.MaxOutOfOrdernessTicks, input.IdleTimeoutTicks, input.QuietAfterTicks);
        var rules = new AssignmentRules(
            query.AllowedLatenessTicks, input.MaxOutOfOrdernessTicks, input.ProcessingTime, query.MaxSlices)
        {
            SharesSlices = query.Window.SharesSlices,
            MixesSlices = query.Window.MixesSlices,
            Levels = query.Window.Levels,
            HasKeyTime = query.KeyTime is not null,
            Range = query.Window.Range,
            FillsGaps = query.Gaps is not null,
            Layout = input.Layout,
            ShardCount = plan.Execution.ShardCount,
            HistoryCapacity = input.WatermarkHistory,
            HistoryStepTicks = query.Window.Slices is null ? StepOf(query.Window) : 0,
            ReachTicks = query.Window.ReachTicks,
            Jumps = input.JumpGuard is { } guard
                ? new JumpRules(guard.Jump.Ticks, guard.Keys, guard.Events)
                {
                    KeyColumn = input.GuardedKey,
                }
                : null,
        };
        return rules.NewStage(query.Window.Slices, tracker, selection);
    }

    /// <summary>
    /// Writes what lies behind the first stage. Between two slots, when every stage has handled the same, and nothing
    /// fires or is staged.
    /// </summary>
    public void SaveShards(StateWriter writer) => ShardState.SaveAll(writer, Shards);

    /// <summary>
    /// Lets the shards take over what was saved behind the first stage, by however many there were. Before the first
    /// slot.
    /// </summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void LoadShards(StateReader reader) => ShardState.LoadAll(reader, Shards);

    /// <summary>Nothing of the query was saved: it begins where event time is. Before the first slot.</summary>
    public void StartAt(long watermarkTicks)
    {
        foreach (var shard in Shards)
            shard.Store.StartAt(watermarkTicks);
    }

    public void Dispose()
    {
        foreach (var shard in Shards)
            shard.Dispose();
    }

    // Sessions end their gap after an event; of custom windows nothing is known.
    private static long StepOf(WindowPlan window) =>
        window.ReachTicks > 0 ? window.ReachTicks : TimeSpan.TicksPerSecond;

    private static StoreContext NewContext(
        ProcessorPlan plan,
        QueryPlan query,
        int shard,
        PaneOutput output,
        ShardCounters counters,
        FailureLog failures)
    {
        var input = plan.Inputs[0];
        return new StoreContext
        {
            Plan = NewAggregates(plan, query, failures),
            Output = output,
            AllowedLatenessTicks = query.AllowedLatenessTicks,
            Accumulation = query.Accumulation,
            Gaps = query.Gaps,
            Early = Guard(query.Early, counters),
            Late = Guard(query.Late, counters),
            MeasureCount = query.Measures.Count,
            KeepsPanes = query.Panes is { IncludesLate: true },
            RouteDropped = query.RoutesDropped,
            MaxWindowsPerKey = query.MaxWindowsPerKey,
            WindowOverflow = query.WindowOverflow,
            MaxOutOfOrdernessTicks = input.MaxOutOfOrdernessTicks,
            ProcessingTime = input.ProcessingTime,
            KeyTime = query.KeyTime,
            ShardMask = plan.Execution.ShardCount - 1,
            Shard = shard,
            HasForeignEvents = query.Selection is { Filter: not SelectionPlan.NoFilter } && query.FollowsWatermark,
            Counters = counters,
            Activity = new KeyActivity(),
        };
    }

    private static AggregatePlan NewAggregates(ProcessorPlan plan, QueryPlan query, FailureLog failures)
    {
        var aggregates = AggregatePlan.Compile(query.Metrics, query.NonFinite, failures, query.Pins);
        if (plan.LoadsFrom is { } saved && saved.PlaceOf(query.Name) is var place and >= 0)
            aggregates.Translate(saved.Queries[place]);
        return aggregates;
    }

    private static PaneTrigger? Guard(PaneTrigger? trigger, ShardCounters counters) =>
        trigger is { IsUserCode: true } ? new GuardedPaneTrigger(trigger, counters) : trigger;
}
