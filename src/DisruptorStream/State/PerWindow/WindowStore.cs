using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.State.Firing;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.PerWindow;

/// <summary>
/// Windows with state of their own: tumbling, sliding and calendar ones with early, discarding or retracting panes, and
/// custom ones. An event is folded into each of its windows, so the cost grows with size / slide.
/// </summary>
internal sealed unsafe partial class WindowStore : WindowStateStore
{
    private const int RecordsPerChunk = 4096;

    private readonly StoreContext _context;
    private readonly SliceGrid? _grid;
    private readonly CustomWindows? _custom;
    private readonly PaneRecords _panes;
    private readonly PagePool _pages;
    private readonly WindowList _windows;
    private readonly WindowFiring _firing;
    private readonly WindowAsking _asking;
    private readonly KeyWindowCounts _counts;
    private readonly OpenWindow[] _targets;
    private readonly bool[] _fires;
    private readonly TimeWindow[] _assigned;
    private readonly TimeWindow[] _admitted;
    private readonly nint* _records;
    private readonly int _chunk;

    public WindowStore(StoreContext context, SliceGrid? grid, CustomWindows? custom)
    {
        Abort = context.Abort;
        _context = context;
        _grid = grid;
        _custom = custom;
        _panes = new PaneRecords(context, keepsRetained: true);
        _pages = new PagePool(_panes.RecordBytes);
        var releaser = _panes.Releaser;
        _windows = new WindowList(() => new KeyedTable(_pages, _panes.Initial, releaser));
        _counts = new KeyWindowCounts();
        _firing = new WindowFiring(context, _windows, _panes, _counts, grid);
        _asking = _firing.Asking;
        var most = (int)(grid?.MaxWindowsPerEvent ?? custom!.MaxWindowsPerEvent);
        _targets = new OpenWindow[most];
        _fires = new bool[most];
        _assigned = new TimeWindow[most];
        _admitted = new TimeWindow[most];
        _chunk = Math.Max(1, RecordsPerChunk / most);
        _records = (nint*)NativeMemory.AlignedAlloc((nuint)(_chunk * most * sizeof(nint)), 64);
    }

    public override bool FollowsWatermark => _custom is not null;

    public override bool IsFiring => _firing.IsActive;

    public override long FiringSequence => _firing.Sequence;

    public override int BytesPerRecord => _panes.RecordBytes;

    public override long BytesReserved =>
        _pages.BytesReserved + _context.Plan.BlockBytesReserved + _firing.FilledBytesReserved;

    public override void OnEvents(in EventView events, in EventRun run)
    {
        if (_custom is not null)
        {
            AddAssigned(events, run);
            return;
        }

        var first = Math.Max(
            _grid!.FirstWindowOf(run.Slice),
            _grid.FirstWindowEndingAfter(
                TickMath.SaturatingSubtract(run.WatermarkTicks, _context.AllowedLatenessTicks)));
        var count = 0;
        for (var window = first; window <= _grid.LastWindowOf(run.Slice); window++)
            _assigned[count++] = new TimeWindow(_grid.WindowStart(window), _grid.WindowEnd(window));
        var windows = _assigned.AsSpan(0, count);
        if (_context.WindowOverflow == WindowOverflowPolicy.RejectEvent)
        {
            for (var i = 0; i < events.Count; i++)
                AddChecked(events.Slice(i, 1), windows, run.WatermarkTicks, run.SteadyTicks);
            return;
        }

        for (var start = 0; start < events.Count; start += _chunk)
        {
            var chunk = events.Slice(start, Math.Min(_chunk, events.Count - start));
            Add(chunk, windows, run.WatermarkTicks, run.SteadyTicks);
        }
    }

    public override void OnWatermark(long sequence, long watermark)
    {
        _firing.NewestSlice = NewestSlice;
        _firing.Add(sequence, watermark);
    }

    public override void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged)
    {
        // When a trigger wants to be asked next is not known before all were asked.
        if (_asking.IsActive)
            FinishFiring();
        if (clockTicks < _asking.NextDeadlineTicks)
            return;
        var tick = new FiringStep(sequence, clockTicks, timeOfDayTicks, IsTick: true, isStaged);
        _firing.AddTick(tick);
        _asking.Begin(tick);
    }

    public override int Fire(int budget) => _firing.Run(budget);

    public override bool HoldsKey(int keyId) => _counts.Of(keyId) > 0 || _firing.FillsKey(keyId);

    public override void Dispose()
    {
        NativeMemory.AlignedFree(_records);
        _firing.Dispose();
        _pages.Dispose();
    }

    /// <summary>Custom windows: asked for and judged event by event, with the watermark of that moment.</summary>
    private void AddAssigned(in EventView events, in EventRun run)
    {
        var clock = new RunClock(run, _context);
        for (var i = 0; i < events.Count; i++)
        {
            var one = events.Slice(i, 1);
            var time = clock.TimeOf(one.Slots->TimestampTicks);
            if (_context.Owns(one.Slots->KeyId))
                Assign(one, time, clock.WatermarkTicks, run.SteadyTicks);
            if (clock.Advance(time) && clock.WatermarkTicks >= _firing.NextDueTicks)
                _firing.Add(one.CauseOf(0), clock.WatermarkTicks);
        }
    }

    private void Assign(in EventView one, long time, long watermark, long clockTicks)
    {
        int count;
        try
        {
            count = _custom!.Assign(time, _assigned);
        }
        catch (Exception exception)
        {
            _context.Counters.NoteUserFailure(exception);
            Drop(one, DropReason.AssignerFailed);
            return;
        }

        if (count == 0)
        {
            _context.Counters.EventsInNoWindow++;
            return;
        }

        var live = 0;
        for (var i = 0; i < count; i++)
        {
            if (watermark < TickMath.SaturatingAdd(_assigned[i].EndTicks, _context.AllowedLatenessTicks))
                _assigned[live++] = _assigned[i];
        }

        _context.Counters.LateDroppedAssignments += count - live;
        if (live == 0)
            Drop(one, DropReason.Late);
        else if (_context.WindowOverflow == WindowOverflowPolicy.RejectEvent)
            AddChecked(one, _assigned.AsSpan(0, live), watermark, clockTicks);
        else
            Add(one, _assigned.AsSpan(0, live), watermark, clockTicks);
    }

    /// <summary>Adds one event, but only to windows that the key may have.</summary>
    private void AddChecked(in EventView one, ReadOnlySpan<TimeWindow> windows, long watermark, long clockTicks)
    {
        var keyId = one.Slots->KeyId;
        if (_counts.Of(keyId) + windows.Length > _context.MaxWindowsPerKey)
            FinishFiring();
        var room = _context.MaxWindowsPerKey - _counts.Of(keyId);
        var admitted = 0;
        foreach (ref readonly var window in windows)
        {
            var place = _windows.IndexOf(window);
            var isNew = place < 0 || !_windows[place].Table.Contains(keyId);
            if (isNew && room-- <= 0)
                continue;
            _admitted[admitted++] = window;
        }

        _context.Counters.WindowLimitDroppedAssignments += windows.Length - admitted;
        if (admitted == 0)
            Drop(one, DropReason.WindowLimit);
        else
            Add(one, _admitted.AsSpan(0, admitted), watermark, clockTicks);
    }

    private void Add(in EventView events, ReadOnlySpan<TimeWindow> windows, long watermark, long clockTicks)
    {
        var windowCount = windows.Length;

        // An event may be in tens of thousands of windows.
        Abort.ThrowIfCancellationRequested();
        if (_firing.IsActive && windows[0].EndTicks <= _firing.WatermarkTicks)
            FinishFiring();
        if (_asking.IsActive)
            AskFirst(events, windows);
        for (var w = 0; w < windowCount; w++)
        {
            _targets[w] = WindowOf(windows[w], watermark);
            _targets[w].Table.Locate(events, _records + (w * _chunk));
        }

        var folded = 0;
        for (var i = 0; i < events.Count; i++)
        {
            if (!Trigger(events, i, windowCount, clockTicks, ref folded))
                continue;
            Fold(events, ref folded, i + 1, windowCount);
            for (var w = 0; w < windowCount; w++)
            {
                if (!_fires[w])
                    continue;
                var record = (byte*)_records[(w * _chunk) + i];
                EmitStaged(
                    record, _targets[w], events.CauseOf(i), events.Slots[i].KeyId, _targets[w].IsCompleted);
            }
        }

        Fold(events, ref folded, events.Count, windowCount);
    }

    /// <summary>Asks for the tick that is under way what the events would change.</summary>
    private void AskFirst(in EventView events, ReadOnlySpan<TimeWindow> windows)
    {
        foreach (ref readonly var span in windows)
        {
            var place = _windows.IndexOf(span);
            for (var i = 0; place >= 0 && i < events.Count; i++)
                _asking.AskFirst(_windows[place], events.Slots[i].KeyId);
        }
    }

    /// <summary>Asks the triggers of all windows of one event; returns whether any fires.</summary>
    private bool Trigger(in EventView events, int index, int windowCount, long clockTicks, ref int folded)
    {
        ref readonly var slot = ref events.Slots[index];
        var any = false;
        for (var w = 0; w < windowCount; w++)
        {
            var window = _targets[w];
            var record = (byte*)_records[(w * _chunk) + index];
            if ((PaneRecords.StateOf(record)->Marks & PaneMarks.Counted) == PaneMarks.None)
                Admit(events, index, windowCount, record, window, ref folded);
            var seen = new TriggerContext(slot.TimestampTicks, slot.Measure, clockTicks, window.Span);
            _fires[w] = _panes.OnEvent(record, seen, window.IsCompleted);
            any |= _fires[w];
            if (!_fires[w])
                _asking.NoteDeadline(record, window.IsCompleted);
        }

        return any;
    }

    /// <summary>
    /// The key is new in the window: counts it, and gives its oldest window up if there are now too many.
    /// </summary>
    private void Admit(
        in EventView events, int index, int windowCount, byte* record, OpenWindow window, ref int folded)
    {
        var keyId = events.Slots[index].KeyId;
        PaneRecords.StateOf(record)->Marks |= PaneMarks.Counted;
        if (window.IsCompleted && _firing.HasFilled(window, keyId))
            PaneRecords.StateOf(record)->NextIndex = 1;
        if (_asking.IsActive)
            _asking.PassOver(window, keyId, record);
        _context.Counters.WindowsOpened++;
        if (_counts.Add(keyId) <= _context.MaxWindowsPerKey)
            return;

        // What has only not been emitted yet is no window of the key any more: how far firing has come decides nothing.
        FinishFiring();
        if (_counts.Of(keyId) <= _context.MaxWindowsPerKey)
            return;
        Abort.ThrowIfCancellationRequested();
        Fold(events, ref folded, index, windowCount);
        for (var i = 0; i < _windows.Count; i++)
        {
            var oldest = _windows[i];
            if (IsTarget(oldest, windowCount) || !oldest.Table.Contains(keyId))
                continue;
            _firing.Evict(oldest, keyId, events.CauseOf(index));
            return;
        }
    }

    private bool IsTarget(OpenWindow window, int windowCount) => _targets.AsSpan(0, windowCount).IndexOf(window) >= 0;

    private void Fold(in EventView events, ref int folded, int end, int windowCount)
    {
        if (end <= folded)
            return;
        var part = events.Slice(folded, end - folded);
        for (var w = 0; w < windowCount; w++)
        {
            var records = _records + (w * _chunk) + folded;
            for (var i = 0; i < part.Count; i++)
                records[i] += _panes.CurrentOffset;
            _context.Plan.Accumulate(part, records);
            for (var i = 0; i < part.Count; i++)
                records[i] -= _panes.CurrentOffset;
        }

        folded = end;
    }

    private OpenWindow WindowOf(in TimeWindow span, long watermark)
    {
        var place = _windows.IndexOf(span);
        if (place >= 0)
            return _windows[place];
        var window = _windows.Insert(~place, span);
        _asking.NoteInserted(~place);
        window.IsCompleted = span.EndTicks <= watermark;
        _firing.NoteWindow(window);
        return window;
    }

    private void EmitStaged(byte* record, OpenWindow window, long sequence, int keyId, bool isLate)
    {
        var timing = isLate ? PaneTiming.Late : PaneTiming.Early;
        _panes.Emit(
            record, WindowFiring.HeaderOf(window.Span, sequence, keyId, timing, ResultFlags.None), staged: true);
    }

    private void Drop(in EventView one, DropReason reason)
    {
        _context.Counters.Drop(reason);
        if (_context.RouteDropped)
            _context.Output.StageDropped(one, reason, _context.MeasureCount);
    }
}
