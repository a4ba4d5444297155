using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.State.Slices.Levels;

/// <summary>
/// Windows of several sizes with accumulating panes and no early ones: an event enters the finest slices, and coarser
/// slices get what is in them once they are complete.
/// </summary>
/// <remarks>
/// A slice is complete when the shards are told of a watermark that has reached its end. What comes for it later,
/// within the lateness, enters it and each coarser slice to which it has been handed on; what comes after its last
/// window has expired enters the coarser slices alone. So each size has at every moment in its own slices what its
/// complete windows hold, and fires, drops and saves them as a <see cref="SliceStore"/> that is alone does.
/// </remarks>
internal sealed class LeveledStore : WindowStateStore
{
    private readonly StoreContext _context;
    private readonly SliceLevels _levels;
    private readonly SliceStore[] _stores;
    private readonly LevelFiring _firing;
    private readonly long[] _slices;
    private readonly bool[] _takes;
    private long _plainSlice;
    private bool _hasPlainSlice;

    public LeveledStore(StoreContext context, SliceLevels levels)
    {
        Abort = context.Abort;
        _context = context;
        _levels = levels;
        _stores = new SliceStore[levels.Count];
        for (var level = 0; level < _stores.Length; level++)
            _stores[level] = new SliceStore(context, levels.Grids[level]);
        _firing = new LevelFiring(levels, _stores, context.Abort);
        _slices = new long[levels.Count];
        _takes = new bool[levels.Count];
    }

    public override bool IsFiring => _firing.IsActive;

    public override long FiringSequence => _firing.Sequence;

    public override int BytesPerRecord => _context.Plan.RecordBytes;

    public override long BytesReserved
    {
        get
        {
            // All sizes have one plan, whose blocks each of them counts.
            var bytes = (1 - _stores.Length) * _context.Plan.BlockBytesReserved;
            foreach (var store in _stores)
                bytes += store.BytesReserved;
            return bytes;
        }
    }

    public override void OnEvents(in EventView events, in EventRun run)
    {
        if (_levels.Roots.Length == 1 && (run.HasOlder || (_hasPlainSlice && run.Slice == _plainSlice)))
            _stores[0].Take(events, run);
        else
            TakeEach(events, run);
    }

    public override void Fetch(int keyId) => _stores[0].Fetch(keyId);

    public override void OnWatermark(long sequence, long watermark)
    {
        _hasPlainSlice = false;
        _firing.Add(sequence, watermark);
    }

    public override void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged)
    {
        // When something is due next is not known before all were asked.
        if (_firing.HasTick)
            FinishFiring();
        foreach (var store in _stores)
        {
            if (!store.Late.IsDue(clockTicks))
                continue;
            _firing.AddTick(sequence, clockTicks);
            return;
        }
    }

    public override int Fire(int budget) => _firing.Run(budget);

    public override bool HoldsKey(int keyId)
    {
        foreach (var store in _stores)
        {
            if (store.HoldsKey(keyId))
                return true;
        }

        return false;
    }

    public override void Save(StateWriter writer, ReadOnlySpan<WindowStateStore> shards)
    {
        var stores = AtRest<LeveledStore>(shards);
        for (var level = 0; level < _stores.Length; level++)
            _stores[level].Save(writer, LevelOf(stores, level));
    }

    public override void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards)
    {
        var stores = AtRest<LeveledStore>(shards);
        for (var level = 0; level < _stores.Length; level++)
        {
            _stores[level].Load(reader, LevelOf(stores, level));
            if (_stores[level].Firing.WatermarkTicks != _firing.WatermarkTicks)
            {
                throw new StateException(
                    "The sizes of the saved state do not agree on the watermark; load an older state, and report this "
                    + "one.");
            }
        }

        foreach (var store in stores)
            store._hasPlainSlice = false;
    }

    public override void StartAt(long watermarkTicks)
    {
        foreach (var store in _stores)
            store.StartAt(watermarkTicks);
    }

    public override void ThrowIfInconsistent()
    {
        foreach (var store in _stores)
            store.ThrowIfInconsistent();
    }

    public override void Dispose()
    {
        foreach (var store in _stores)
            store.Dispose();
    }

    private static WindowStateStore[] LevelOf(LeveledStore[] stores, int level) =>
        Array.ConvertAll(stores, WindowStateStore (store) => store._stores[level]);

    /// <summary>Gives events to each level that does not get them from another one.</summary>
    private void TakeEach(in EventView events, in EventRun run)
    {
        if (!TryTakePlain(events, run))
            TakeComplete(events, run);
    }

    /// <summary>Takes events none of whose slices is complete; false where one is.</summary>
    private bool TryTakePlain(in EventView events, in EventRun run)
    {
        for (var level = 0; level < _slices.Length; level++)
            _levels.Grids[level].TryLocate(run.SliceStartTicks, out _slices[level]);
        foreach (var root in _levels.Roots)
        {
            if (IsComplete(root))
                return false;
        }

        foreach (var root in _levels.Roots)
        {
            if (!_levels.Grids[root].IsHole(_slices[root]))
                _stores[root].Take(events, run with { Slice = _slices[root] });
        }

        (_plainSlice, _hasPlainSlice) = (_slices[0], true);
        return true;
    }

    private void TakeComplete(in EventView events, in EventRun run)
    {
        // What is handed on is merged in the order of time, and before what comes later.
        FinishFiring();
        for (var level = 0; level < _slices.Length; level++)
        {
            var feeder = _levels.FeederOf(level);
            var grid = _levels.Grids[level];
            _takes[level] = !grid.IsHole(_slices[level])
                && !_stores[level].IsExpired(grid.LastEndOf(_slices[level]), run.WatermarkTicks);
            if (_takes[level] && (feeder < 0 || !_takes[feeder] || IsComplete(feeder)))
                _stores[level].Take(events, run with { Slice = _slices[level] });
        }
    }

    private bool IsComplete(int level) => _levels.Grids[level].SliceEnd(_slices[level]) <= _firing.WatermarkTicks;
}
