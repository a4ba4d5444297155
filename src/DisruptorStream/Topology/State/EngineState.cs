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
/// All that the stages of a processor keep: window assignment, and each shard. It owns their native memory, and frees
/// it once.
/// </summary>
internal sealed class EngineState : IDisposable
{
    /// <summary>One whose shards are empty.</summary>
    /// <param name="plan">What the processor is.</param>
    /// <param name="assignment">The first stage.</param>
    /// <param name="outputs">Where the rows of each shard go.</param>
    /// <param name="counters">What each shard counts.</param>
    /// <param name="failures">What user code threw, of each shard.</param>
    /// <param name="abort">Cancelled at an abort.</param>
    public EngineState(
        ProcessorPlan plan,
        WindowAssignmentStage assignment,
        PaneOutput[] outputs,
        ShardCounters[] counters,
        Func<int, FailureLog> failures,
        CancellationToken abort)
    {
        Assignment = assignment;
        Shards = new ShardState[outputs.Length];
        for (var shard = 0; shard < Shards.Length; shard++)
            Shards[shard] = NewShard(plan, shard, outputs[shard], counters[shard], failures(shard), abort);
    }

    /// <summary>The first stage, which keeps the watermark, the sources and the open slices.</summary>
    public WindowAssignmentStage Assignment { get; }

    /// <summary>One for each shard, in their order.</summary>
    public ShardState[] Shards { get; }

    /// <summary>The first stage, without state.</summary>
    public static WindowAssignmentStage NewAssignment(ProcessorPlan plan)
    {
        var (input, query) = (plan.Inputs[0], plan.Queries[0]);
        var tracker = new WatermarkTracker(
            input.MaxOutOfOrdernessTicks, input.IdleTimeoutTicks, input.QuietAfterTicks);
        var rules = new AssignmentRules(
            query.AllowedLatenessTicks, input.MaxOutOfOrdernessTicks, input.ProcessingTime, query.MaxSlices)
        {
            SharesSlices = query.Window.SharesSlices,
            MixesSlices = query.Window.MixesSlices,
            FurtherMeasureCount = input.Rules.Measures.Count - 1,
            ShardCount = plan.Execution.ShardCount,
            Jumps = input.JumpGuard is { } guard
                ? new JumpRules(guard.Jump.Ticks, guard.Keys, guard.Events)
                : null,
        };
        return WindowAssignmentStage.Create(query.Window.Slices, tracker, rules);
    }

    /// <summary>
    /// Writes all. Between two slots, when every stage has handled the same, and nothing fires or is staged.
    /// </summary>
    public void Save(StateWriter writer)
    {
        Assignment.Save(writer);
        ShardCounters.Save(writer, Contexts());
        KeyActivity.Save(writer, Activities());
        var stores = Stores();
        stores[0].Save(writer, stores);
    }

    /// <summary>
    /// Lets the shards take over what was saved behind the first stage, by however many there were. Before the first
    /// slot.
    /// </summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void LoadShards(StateReader reader)
    {
        ShardCounters.Load(reader, Shards[0].Context);
        KeyActivity.Load(reader, Activities());
        var stores = Stores();
        stores[0].Load(reader, stores);
    }

    public void Dispose()
    {
        foreach (var shard in Shards)
            shard.Dispose();
    }

    private StoreContext[] Contexts() => Array.ConvertAll(Shards, shard => shard.Context);

    private KeyActivity[] Activities() => Array.ConvertAll(Shards, shard => shard.Context.Activity);

    private WindowStateStore[] Stores() => Array.ConvertAll(Shards, shard => shard.Store);

    private static ShardState NewShard(
        ProcessorPlan plan,
        int shard,
        PaneOutput output,
        ShardCounters counters,
        FailureLog failures,
        CancellationToken abort)
    {
        var (input, query) = (plan.Inputs[0], plan.Queries[0]);
        var context = new StoreContext
        {
            Plan = AggregatePlan.Compile(query.Metrics, query.NonFinite, failures),
            Output = output,
            AllowedLatenessTicks = query.AllowedLatenessTicks,
            Accumulation = query.Accumulation,
            Early = Guard(query.Early, counters),
            Late = Guard(query.Late, counters),
            MeasureCount = input.Rules.Measures.Count,
            RouteDropped = query.RoutesDropped,
            MaxWindowsPerKey = query.MaxWindowsPerKey,
            WindowOverflow = query.WindowOverflow,
            MaxOutOfOrdernessTicks = input.MaxOutOfOrdernessTicks,
            ProcessingTime = input.ProcessingTime,
            ShardMask = plan.Execution.ShardCount - 1,
            Shard = shard,
            Counters = counters,
            Activity = new KeyActivity(),
            Abort = abort,
        };
        return new ShardState(context, query.Window.NewStore(context));
    }

    private static PaneTrigger? Guard(PaneTrigger? trigger, ShardCounters counters) =>
        trigger is { IsUserCode: true } ? new GuardedPaneTrigger(trigger, counters) : trigger;
}
