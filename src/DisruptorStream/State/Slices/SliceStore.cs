using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.State.Filling;
using DisruptorStream.State.Firing;
using DisruptorStream.State.Kept;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Slices;

/// <summary>
/// Tumbling, sliding and calendar windows with accumulating panes and no early ones: an event touches exactly one
/// slice, whatever the overlap, and a window is put together from its slices when it fires.
/// </summary>
internal sealed unsafe partial class SliceStore : WindowStateStore
{
    private const int MaxRun = 1024;

    private readonly StoreContext _context;
    private readonly AggregatePlan _plan;
    private readonly SliceGrid _grid;
    private readonly long _latenessTicks;
    private readonly PagePool _pages;
    private readonly PlanReleaser? _releaser;
    private readonly Stack<KeyedTable> _freeTables = new();
    private readonly SortedDeque<KeyedTable> _slices = new();
    private readonly WindowFolds _folds;
    private readonly LatePanes _late;
    private readonly GapFiller? _filler;
    private readonly KeptPanes? _kept;
    private readonly SliceFiring _firing;
    private readonly nint* _records;
    private readonly long[] _values;
    private KeyedTable? _current;
    private long _currentSlice;

    /// <param name="context">The shard.</param>
    /// <param name="grid">The windows.</param>
    /// <param name="followsNewest">
    /// Whether a window is there only for keys that have an event in its newest slice.
    /// </param>
    public SliceStore(StoreContext context, SliceGrid grid, bool followsNewest = false)
    {
        FollowsNewest = followsNewest;
        Abort = context.Abort;
        _context = context;
        _plan = context.Plan;
        _grid = grid;
        _latenessTicks = context.AllowedLatenessTicks;
        _pages = new PagePool(_plan.RecordBytes);
        _plan.MergesAreDerived = true;
        _releaser = PlanReleaser.For(_plan);
        _values = new long[_plan.Metrics.Count];
        _records = (nint*)NativeMemory.AlignedAlloc(MaxRun * (nuint)sizeof(nint), 64);
        _folds = new WindowFolds(_slices, _plan, grid.SlicesPerWindow, NewTable);
        _late = new LatePanes(context, grid);
        _filler = GapFiller.For(context, grid);
        if (context.KeepsPanes)
            _kept = new KeptPanes(grid, _latenessTicks, context.MeasureCount);
        _firing = new SliceFiring(this);
    }

    public override bool IsFiring => _firing.IsActive;

    public override long FiringSequence => _firing.Sequence;

    public override int BytesPerRecord => _plan.RecordBytes;

    public override long BytesReserved =>
        _pages.BytesReserved + _folds.BytesReserved + _late.BytesReserved + _plan.BlockBytesReserved
        + (_filler?.BytesReserved ?? 0) + (_kept?.BytesReserved ?? 0);

    /// <summary>Whether a window is there only for keys that have an event in its newest slice.</summary>
    internal bool FollowsNewest { get; }

    internal StoreContext Context => _context;

    internal SliceGrid Grid => _grid;

    internal SortedDeque<KeyedTable> Slices => _slices;

    internal WindowFolds Folds => _folds;

    internal LatePanes Late => _late;

    /// <summary>Fills windows without events; null where that was not asked for.</summary>
    internal GapFiller? Filler => _filler;

    /// <summary>Fires and drops what it keeps.</summary>
    internal SliceFiring Firing => _firing;

    public override void OnEvents(in EventView events, in EventRun run)
    {
        if (!run.HasOlder && _firing.Reads(run.Slice))
            FinishFiring();
        if (_kept is null)
            Take(events, run);
        else
            TakePanes(events, run);
    }

    public override void Fetch(int keyId) => _current?.Fetch(keyId);

    public override void OnEvent(in EventView one, in EventRun run)
    {
        if (_kept is not null || _firing.Reads(run.Slice))
        {
            OnEvents(one, run);
            return;
        }

        var keyId = one.Slots->KeyId;
        var record = (nint)TableOf(run.Slice).GetOrAdd(keyId);
        _plan.AccumulateOne(one, &record);
        if (_folds.MayCover(run.Slice))
            _folds.Invalidate(run.Slice, keyId);
    }

    /// <summary>As <see cref="OnEvents"/>, where nothing that is still to be emitted reads the slice.</summary>
    internal void Take(in EventView events, in EventRun run)
    {
        if (run.HasOlder)
        {
            AddMixed(events, run);
            return;
        }

        var table = TableOf(run.Slice);
        if (IsLate(run, out var firstLate, out var lastLate))
        {
            AddLate(events, run, table, firstLate, lastLate);
            return;
        }

        for (var start = 0; start < events.Count; start += MaxRun)
            Add(events.Slice(start, Math.Min(MaxRun, events.Count - start)), run.Slice, table);
    }

    public override void OnWatermark(long sequence, long watermark)
    {
        _kept?.Forget(watermark);
        _firing.Add(sequence, watermark);
    }

    public override void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged)
    {
        // When something is due next is not known before all were asked.
        if (_firing.HasTick)
            FinishFiring();
        if (_late.IsDue(clockTicks))
            _firing.AddTick(sequence, clockTicks, isStaged);
    }

    public override int Fire(int budget) => _firing.Run(budget);

    public override bool HoldsKey(int keyId)
    {
        for (var i = 0; i < _slices.Count; i++)
        {
            if (_slices[i].Contains(keyId))
                return true;
        }

        return _filler?.Holds(keyId) == true;
    }

    public override void Dispose()
    {
        NativeMemory.AlignedFree(_records);
        _firing.Dispose();
        _folds.Dispose();
        _late.Dispose();
        _filler?.Dispose();
        _pages.Dispose();
    }

    /// <summary>The values of a window for a key, folded from its slices; valid until the next call.</summary>
    internal ReadOnlySpan<long> ReadWindow(long window, int keyId, out int failure)
    {
        var first = _grid.FirstSliceOf(window);
        var end = _grid.EndSliceOf(window);
        var record = end - first == 1 ? _slices.Find(first)!.Find(keyId) : _folds.FoldAlone(first, end, keyId);
        _plan.Read(record, _grid.WindowTicks(window), _values);
        failure = _plan.FailureOf(record);
        return _values;
    }

    internal ResultHeader HeaderOf(long sequence, long window, int keyId, int paneIndex, PaneTiming timing, bool last)
    {
        var header = HeaderOf(sequence, window, timing, last);
        header.KeyId = keyId;
        header.PaneIndex = paneIndex;
        header.OrderPaneIndex = paneIndex;
        _context.Counters.WindowsFired++;
        if (timing == PaneTiming.Late)
            _context.Counters.LatePanes++;
        return header;
    }

    /// <summary>What the first panes of all keys of a window have in common.</summary>
    internal ResultHeader HeaderOf(long sequence, long window, PaneTiming timing, bool last)
    {
        var start = _grid.WindowStart(window);
        var end = _grid.WindowEnd(window);
        return new ResultHeader
        {
            Sequence = sequence,
            StartTicks = start,
            EndTicks = end,
            OrderStartTicks = start,
            OrderEndTicks = end,
            Timing = timing,
            Flags = last ? ResultFlags.Last : ResultFlags.None,
        };
    }

    /// <summary>
    /// Merges records of a slice of a finer size in, which lies in this slice and behind those that came before.
    /// </summary>
    internal void Absorb(long slice, ReadOnlySpan<int> keyIds, nint* records)
    {
        var table = TableOf(slice);
        table.Adapt();
        _plan.MergesAreDerived = false;
        for (var i = 0; i < keyIds.Length; i++)
        {
            var record = table.GetOrAdd(keyIds[i], out var added);
            if (added)
                _plan.Copy((byte*)records[i], record);
            else
                _plan.Merge(record, (byte*)records[i]);
        }

        _plan.MergesAreDerived = true;
        if (!_folds.MayCover(slice))
            return;
        foreach (var keyId in keyIds)
            _folds.Invalidate(slice, keyId);
    }

    /// <summary>Takes the oldest slice out.</summary>
    internal KeyedTable RemoveFirst()
    {
        var first = _slices.RemoveFirst();
        if (_current == first)
            _current = null;
        return first;
    }

    /// <summary>Keeps an empty table for a slice to come.</summary>
    internal void Recycle(KeyedTable table) => _freeTables.Push(table);

    internal bool IsExpired(long windowEnd, long watermark) =>
        watermark >= TickMath.SaturatingAdd(windowEnd, _latenessTicks);

    private void Add(in EventView events, long slice, KeyedTable table)
    {
        if (events.IsOneKey())
        {
            new Span<nint>(_records, events.Count).Fill((nint)table.GetOrAdd(events.Slots->KeyId));
            _plan.AccumulateOne(events, _records);
        }
        else
        {
            AddEach(events, table);
        }

        if (!_folds.MayCover(slice))
            return;
        for (var i = 0; i < events.Count; i++)
            _folds.Invalidate(slice, events.Slots[i].KeyId);
    }

    private void AddEach(in EventView events, KeyedTable table)
    {
        table.Adapt();
        var rest = events;
        while (table.IsArray && _plan.FindsRecords)
        {
            var done = _plan.AccumulateInto(table.Array, rest);
            if (done == rest.Count)
                return;
            rest = rest.Slice(done, rest.Count - done);
            table.Add(rest.Slots->KeyId);
        }

        table.Locate(rest, _records);
        _plan.Accumulate(rest, _records);
    }

    /// <summary>Events of two slices; nothing that is still to be emitted reads either of them.</summary>
    private void AddMixed(in EventView events, in EventRun run)
    {
        var done = 0;
        if (_plan.FindsRecords && !_folds.MayCover(run.Slice - 1)
            && _slices.Find(run.Slice) is { } newer && _slices.Find(run.Slice - 1) is { } older)
        {
            (_current, _currentSlice) = (newer, run.Slice);
            done = AddToBoth(events, run.SliceStartTicks, newer, older);
        }

        while (done < events.Count)
        {
            var isOlder = events.Slots[done].TimestampTicks < run.SliceStartTicks;
            var end = done + 1;
            while (end < events.Count && end - done < MaxRun
                && events.Slots[end].TimestampTicks < run.SliceStartTicks == isOlder)
            {
                end++;
            }

            var slice = isOlder ? run.Slice - 1 : run.Slice;
            Add(events.Slice(done, end - done), slice, TableOf(slice));
            done = end;
        }
    }

    /// <summary>Adds events for as long as both tables are arrays; returns how many.</summary>
    private int AddToBoth(in EventView events, long split, KeyedTable newer, KeyedTable older)
    {
        newer.Adapt();
        older.Adapt();
        var done = 0;
        while (newer.IsArray && older.IsArray)
        {
            var rest = events.Slice(done, events.Count - done);
            done += _plan.AccumulateInto(newer.Array, older.Array, split, rest);
            if (done == events.Count)
                break;
            ref readonly var next = ref events.Slots[done];
            (next.TimestampTicks < split ? older : newer).Add(next.KeyId);
        }

        return done;
    }

    /// <summary>
    /// Events of which some windows are complete already: each may fire late panes, so they go one by one.
    /// </summary>
    private void AddLate(in EventView events, in EventRun run, KeyedTable table, long firstLate, long lastLate)
    {
        var probe = new AbortProbe(Abort);
        for (var i = 0; i < events.Count; i++)
        {
            var one = events.Slice(i, 1);
            OpenLate(one.Slots->KeyId, run.Slice, firstLate, lastLate, ref probe);
            Add(one, run.Slice, table);
            ShowLate(one, run, firstLate, lastLate, ref probe);
        }
    }

    private KeyedTable TableOf(long slice)
    {
        if (_current is not null && _currentSlice == slice)
            return _current;
        var place = _slices.IndexOf(slice);
        if (place < 0)
        {
            place = ~place;
            _slices.Insert(place, slice, NewTable());
            _folds.OnNewSlice(slice);
        }

        _currentSlice = slice;
        return _current = _slices[place];
    }

    private KeyedTable NewTable() => _freeTables.Count > 0
        ? _freeTables.Pop()
        : new KeyedTable(_pages, _plan.InitialRecord, _releaser, _current?.Population ?? default);
}
