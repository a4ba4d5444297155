using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.State;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Pipeline;

/// <summary>
/// One shard: takes the runs in order, keeps the windows of its keys and hands what they fire to emission.
/// </summary>
/// <remarks>One thread owns each instance.</remarks>
internal sealed unsafe class AggregationStage : IDisposable
{
    // Rows that wait for a firing: with many, it goes on between any two runs; with more, it is finished.
    private const int ManyStaged = 4096;
    private const int MostStaged = 4 * ManyStaged;

    private readonly StoreContext _context;
    private readonly WindowStateStore _store;
    private readonly PaneOutput _output;
    private readonly ShardProgress _progress;
    private readonly bool _gathers;
    private EventSlot* _ownSlots;
    private long* _ownMeasures;
    private long* _ownSequences;
    private int _ownCapacity;
    private bool _hasMore;

    /// <param name="state">What the shard keeps. It is not disposed with the stage.</param>
    /// <param name="progress">Told how far the stage has come.</param>
    public AggregationStage(ShardState state, ShardProgress progress)
    {
        _context = state.Context;
        _store = state.Store;
        _output = _context.Output;
        _progress = progress;
        _gathers = _context.ShardMask != 0 && !_store.FollowsWatermark;
    }

    public StoreContext Context => _context;

    public WindowStateStore Store => _store;

    /// <summary>What weighted metrics have left out so far.</summary>
    public long NegativeWeights => _context.Plan.NegativeWeights.Count;

    /// <summary>Failures of the user's code so far.</summary>
    public long UserFailures => _context.Plan.Failures.Count + Volatile.Read(ref _context.Counters.UserFailures);

    /// <summary>The last sequence handled.</summary>
    public long Processed => _progress.Processed;

    /// <summary>
    /// Whether an event all of whose windows are incomplete fires nothing and runs no code of the host's.
    /// </summary>
    public bool TakesAlikeQuietly => !_hasMore && !_gathers && !_output.StagesAll && !_context.Plan.CanFail;

    /// <summary>Whether there is work that needs no new slot.</summary>
    public bool HasBacklog => _store.IsFiring;

    /// <param name="run">The run.</param>
    /// <param name="view">Its slots.</param>
    public void OnRun(in EventRun run, in EventView view)
    {
        // What a watermark fires at the very sequence of an event may have to come before what the event fired itself.
        if (!_hasMore && _output.StagedCount > 0)
            FlushStaged();
        if (run.Copy != 0 || _output.StagesAll)
            GatherRows(run);
        switch (run.Kind)
        {
            case RunKind.Events:
                OnEvents(run, view);
                break;
            case RunKind.Dropped:
                OnDropped(run, view);
                break;
            case RunKind.Watermark:
                _store.NewestSlice = run.Slice;
                _store.OnWatermark(run.FirstSequence, run.WatermarkTicks);
                break;
            case RunKind.Clock:
                _context.Activity.OnClock(
                    run.FirstSequence, run.SteadyTicks, _store.IsFiring ? _store.FiringSequence : long.MaxValue);
                _store.OnClock(run.FirstSequence, run.SteadyTicks, run.EndMaxTicks, run.HasMore);
                _store.OnQuiet(run.FirstSequence, run.SourceMaxTicks);
                break;
            case RunKind.Save:
            case RunKind.Stop:
                FinishFiring();
                break;
        }

        _hasMore = run.HasMore;
        _progress.Processed = run.HasMore ? run.LastSequence - 1 : run.LastSequence;
    }

    /// <summary>Asks for the newest record of a key, which an event is about to change.</summary>
    public void Fetch(int keyId) => _store.Fetch(keyId);

    /// <summary>Takes an event that fires nothing, where nothing is due or staged, and reports the progress.</summary>
    /// <param name="run">The run of it alone.</param>
    /// <param name="one">The event.</param>
    /// <returns>Whether nothing is due or staged now.</returns>
    public bool OnOne(in EventRun run, in EventView one)
    {
        if (!TakesAlikeQuietly)
        {
            OnRun(run, one);
            return false;
        }

        _store.OnEvent(one, run);
        if (_output.StagedCount > 0 || _store.IsFiring)
            return false;
        _progress.Processed = run.FirstSequence;
        _progress.Report(unfinished: long.MaxValue);
        return true;
    }

    /// <summary>Takes panes of another query as events, before the slot at whose sequence they were fired.</summary>
    /// <param name="run">The run of them.</param>
    /// <param name="panes">The panes.</param>
    public void OnPanes(in EventRun run, in EventView panes)
    {
        if (!_hasMore && _output.StagedCount > 0)
            FlushStaged();
        if (run.Kind == RunKind.Events)
            _store.OnEvents(panes, run);
        else if (run.Kind == RunKind.Dropped)
            OnDropped(run, panes);
        _hasMore = true;
        _progress.Processed = run.FirstSequence - 1;
    }

    /// <summary>
    /// Emits what is due, at most about as many panes of plain numbers as the budget says, or what costs as much.
    /// </summary>
    public void Work(int budget)
    {
        if (_store.IsFiring)
            _store.FireByCost(_context.Plan, budget);
        if (!_hasMore && _output.StagedCount > 0)
            FlushStaged();
    }

    /// <summary>Emits all that is due.</summary>
    public void FinishFiring()
    {
        _store.FinishFiring();
        _output.FlushStaged();
    }

    /// <summary>Tells emission how far the rows are complete. Call between batches.</summary>
    public void ReportProgress() => _progress.Report(
        Math.Min(_store.IsFiring ? _store.FiringSequence : long.MaxValue, _output.StagedSequence));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_ownSlots);
        NativeMemory.AlignedFree(_ownMeasures);
        NativeMemory.AlignedFree(_ownSequences);
        _ownSlots = null;
        _ownMeasures = null;
        _ownSequences = null;
    }

    private void OnEvents(in EventRun run, in EventView view)
    {
        var own = _gathers ? Gather(view) : view;
        if (own.Count > 0)
            _store.OnEvents(own, run);
    }

    /// <summary>
    /// Events that are released at one slot come one by one, with what each fires between them; the last run of the
    /// slot merges with the rows of all.
    /// </summary>
    private void GatherRows(in EventRun run)
    {
        // From the first of them on, whatever becomes of it: one that enters no window moves the watermark too.
        var isGathering = run.HasMore;
        if (isGathering == _output.StagesAll)
            return;

        // What was due before goes first.
        _store.FinishFiring();
        if (isGathering)
            _output.FlushStaged();
        _output.StagesAll = isGathering;
    }

    private void OnDropped(in EventRun run, in EventView view)
    {
        if (!_context.RouteDropped)
            return;
        for (var i = 0; i < view.Count; i++)
        {
            // An event without a key has the id -1, which falls to the last shard.
            if ((view.Slots[i].KeyId & _context.ShardMask) == _context.Shard)
                _output.StageDropped(view.Slice(i, 1), run.Reason, _context.MeasureCount);
        }
    }

    private void FlushStaged()
    {
        if (!_store.IsFiring)
            _output.FlushStaged();
        else if (_output.StagedCount > MostStaged)
            FinishFiring();
        else if (_output.StagedCount > ManyStaged)
            FireOn();
    }

    private void FireOn()
    {
        _context.Abort.ThrowIfCancellationRequested();
        _store.FireByCost(_context.Plan, WindowStateStore.PanesPerTurn);
    }

    /// <summary>Copies the events of this shard together, so that the work per event stays a tight loop.</summary>
    private EventView Gather(in EventView all)
    {
        if (_ownCapacity < all.Count)
            GrowGathered(all);
        var width = all.FurtherMeasureCount;
        var count = 0;
        for (var i = 0; i < all.Count; i++)
        {
            if ((all.Slots[i].KeyId & _context.ShardMask) != _context.Shard)
                continue;
            _ownSlots[count] = all.Slots[i];
            _ownSequences[count] = all.FirstSequence + i;
            for (var m = 0; m < width; m++)
                _ownMeasures[(count * width) + m] = all.FurtherMeasures[(i * width) + m];
            count++;
        }

        return new EventView(
            _ownSlots, _ownMeasures, width, count > 0 ? _ownSequences[0] : all.FirstSequence, count, _ownSequences)
        {
            Cause = all.Cause,
        };
    }

    private void GrowGathered(in EventView all)
    {
        var capacity = (nuint)Math.Max(1024, all.Count);
        _ownSlots = (EventSlot*)NativeMemory.AlignedRealloc(_ownSlots, capacity * (nuint)sizeof(EventSlot), 64);
        _ownSequences = (long*)NativeMemory.AlignedRealloc(_ownSequences, capacity * sizeof(long), 64);
        var lengthBytes = Math.Max(1, capacity * (nuint)all.FurtherMeasureCount * sizeof(long));
        _ownMeasures = (long*)NativeMemory.AlignedRealloc(_ownMeasures, lengthBytes, 64);
        _ownCapacity = (int)capacity;
    }
}
