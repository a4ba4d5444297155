using DisruptorStream.Aggregation;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Events;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>Assignment and shards without rings and threads, saved and loaded between two batches.</summary>
internal sealed unsafe class SavedEngine : IDisposable
{
    private readonly WindowAssignmentStage _assignment;
    private readonly AggregationStage[] _shards;
    private readonly Rows[] _rows;
    private readonly ShardState[] _states;
    private readonly RunList _runs = new();
    private readonly CancellationToken _abort;
    private readonly bool _isForged;

    public SavedEngine(EngineSetup setup, int shards, bool isForged = false, CancellationToken abort = default)
    {
        _abort = abort;
        _isForged = isForged;
        var plan = setup.Plan;
        var tracker = new WatermarkTracker(setup.OutOfOrdernessTicks, setup.IdleTimeoutTicks);
        var rules = new AssignmentRules(
            setup.AllowedLatenessTicks, setup.OutOfOrdernessTicks, setup.ProcessingTime, setup.MaxSlices)
        {
            SharesSlices = plan.SharesSlices,
            MixesSlices = plan.MixesSlices,
            Levels = plan.Levels,
            FillsGaps = setup.Gaps is not null,
            HasKeyTime = setup.KeyTime is not null,
            Range = plan.Range,
        };
        _assignment = rules.NewStage(plan.Slices, tracker);
        _shards = new AggregationStage[shards];
        _rows = new Rows[shards];
        _states = new ShardState[shards];
        for (var shard = 0; shard < shards; shard++)
            _shards[shard] = NewShard(setup, plan, shard, shards);
    }

    /// <summary>What shards and assignment have counted.</summary>
    public string Counts
    {
        get
        {
            _assignment.Counters.EndBatch(_assignment.WatermarkTicks, _assignment.TimeOfDayTicks, 0);
            var assigned = _assignment.Counters.Read();
            var sums = new long[24];
            sums[23] = _shards.Sum(
                shard => shard.Context.Plan.Failures.StateCount + shard.Context.Counters.UserFailures);
            foreach (var shard in _shards)
            {
                shard.Context.Counters.Publish();
                var figures = shard.Context.Counters.Read();
                long[] all =
                [
                    figures.WindowsOpened, figures.WindowsFired, figures.WindowsClosed, figures.WindowsEvicted,
                    figures.LateDroppedAssignments, figures.EventsInNoWindow,
                ];
                for (var index = 0; index < all.Length; index++)
                    sums[index] += all[index];
                for (var reason = 1; reason < DropCounts.Reasons; reason++)
                    sums[5 + reason] += figures.Dropped[reason];
            }

            for (var reason = 1; reason < DropCounts.Reasons; reason++)
                sums[5 + reason] += assigned.Dropped[reason];

            return $"{assigned.EventsProcessed} {assigned.EventsInNoWindow} {assigned.LateDroppedAssignments} "
                + $"{assigned.WatermarkRegressions} {assigned.SlicesOpened} {assigned.SlicesClosed} "
                + $"{assigned.WatermarkTicks} {string.Join(' ', sums)}";
        }
    }

    /// <summary>Whether something is due and has not been emitted yet.</summary>
    public bool IsFiring => Array.Exists(_shards, shard => shard.Store.IsFiring);

    /// <summary>How many rows there are.</summary>
    public int RowCount => _rows.Sum(rows => rows.All.Count);

    /// <summary>Handles slots in batches, firing some panes after each; then fires the rest.</summary>
    public void Handle(EventSlot[] slots, int from, int to, int batch, int budget)
    {
        Feed(slots, from, to, batch, budget);
        FinishFiring();
    }

    public void FinishFiring()
    {
        foreach (var shard in _shards)
            shard.FinishFiring();
    }

    /// <summary>Fires some panes.</summary>
    public void Work(int budget)
    {
        foreach (var shard in _shards)
            shard.Work(budget);
    }

    /// <summary>Handles slots in batches, firing some panes after each.</summary>
    public void Feed(EventSlot[] slots, int from, int to, int batch, int budget)
    {
        var further = Array.ConvertAll(slots, slot => slot.KeyId * 3L);
        fixed (EventSlot* first = slots)
        fixed (long* measures = further)
        {
            for (var at = from; at < to; at += batch)
            {
                var view = new EventView(first + at, measures + at, 1, at, Math.Min(batch, to - at));
                _runs.Clear();
                _assignment.OnBatch(view, _runs);
                foreach (ref readonly var run in _runs.Runs)
                {
                    foreach (var shard in _shards)
                        shard.OnRun(run, view.Slice((int)(run.FirstSequence - view.FirstSequence), run.Count));
                }

                Work(budget);
            }
        }
    }

    /// <summary>The rows of all shards in their order, from now on without them.</summary>
    public string[] TakeRows()
    {
        var all = _rows.SelectMany(rows => rows.All)
            .Order(Comparer<(ResultHeader Header, string)>.Create(
                static (left, right) => ResultHeader.Compare(left.Header, right.Header)))
            .Select(row => row.Item2)
            .ToArray();
        foreach (var rows in _rows)
            rows.All.Clear();
        return all;
    }

    public byte[] Save(long sequence = 7)
    {
        ThrowIfInconsistent();
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, new StateHeader(5, sequence));
        _assignment.Save(writer);
        ShardState.SaveAll(writer, _states);
        writer.Complete();
        return stream.ToArray();
    }

    public void Load(byte[] state) => Load(new MemoryStream(state));

    public void Load(Stream stream)
    {
        using var reader = new StateReader(stream) { KeyRange = 1 << 16 };
        _assignment.Load(reader);
        ShardState.LoadAll(reader, _states);
        reader.Complete();
        ThrowIfInconsistent();
    }

    /// <summary>What builds for debugging check by themselves.</summary>
    private void ThrowIfInconsistent()
    {
        _assignment.ThrowIfInconsistent();
        foreach (var shard in _shards)
        {
            shard.Store.ThrowIfInconsistent();
            shard.Context.Counters.ThrowIfInconsistent();
            shard.Context.Plan.Failures.ThrowIfInconsistent();
            shard.Context.Activity.ThrowIfInconsistent();
        }
    }

    public void Dispose()
    {
        foreach (var shard in _shards)
            shard.Dispose();
        foreach (var state in _states)
            state.Dispose();
    }

    private AggregationStage NewShard(EngineSetup setup, WindowPlan windows, int shard, int shards)
    {
        var builder = new AggregateBuilder(
            [new MeasureDefinition("x", 0, MeasureType.Double), new MeasureDefinition("y", 1, MeasureType.Int64)]);
        setup.Aggregate(builder);
        var plan = AggregatePlan.Compile(builder.Metrics, NonFinitePolicy.RejectEvent);
        var width = Math.Max(2, plan.Metrics.Count);
        _rows[shard] = new Rows(width, plan.Failures, isOrdered: !_isForged);
        var context = new StoreContext
        {
            Plan = plan,
            Output = _rows[shard],
            AllowedLatenessTicks = setup.AllowedLatenessTicks,
            Accumulation = setup.Accumulation,
            Gaps = setup.Gaps,
            Early = setup.Early,
            Late = setup.Late,
            MeasureCount = 2,
            RouteDropped = true,
            MaxWindowsPerKey = setup.MaxWindowsPerKey,
            WindowOverflow = setup.Overflow,
            MaxOutOfOrdernessTicks = setup.OutOfOrdernessTicks,
            ProcessingTime = setup.ProcessingTime,
            KeyTime = setup.KeyTime,
            ShardMask = shards - 1,
            Shard = shard,
            Counters = new ShardCounters(),
            Activity = new KeyActivity(),
            Abort = _abort,
        };
        _states[shard] = new ShardState(context, windows.NewStore(context));
        var progress = new ShardProgress(context.Counters, new ResultRing(1, width), processed: -1);
        return new AggregationStage(_states[shard], progress);
    }
}
