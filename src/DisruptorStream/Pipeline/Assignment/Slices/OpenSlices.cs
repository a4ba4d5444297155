using System.Diagnostics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment.Slices;

/// <summary>
/// The slices that have taken an event and have not expired, counted before sharding so that a limit on them is
/// global.
/// </summary>
internal sealed class OpenSlices
{
    private const int Version = 1;

    private readonly int _limit;
    private readonly AssignmentCounters? _counters;
    private readonly bool _traces;
    private long[] _slices = new long[64];
    private SliceTrace[] _traced = [];
    private int _head;
    private int _count;
    private long _newest = long.MinValue;

    /// <param name="limit">The most that may be open.</param>
    /// <param name="counters">Counts them; null where the stores count windows of their own.</param>
    /// <param name="traces">Whether it is kept when each was opened.</param>
    public OpenSlices(int limit, AssignmentCounters? counters, bool traces = false)
    {
        _traces = traces;
        if (traces)
            _traced = new SliceTrace[_slices.Length];
        _limit = limit;
        _counters = counters;
    }

    /// <summary>Whether the slice is open or may be opened.</summary>
    public bool TryOpen(long slice)
    {
        if (_count > 0 && slice == _newest)
            return true;
        var place = _slices.AsSpan(_head, _count).BinarySearch(slice);
        if (place >= 0)
            return true;
        if (_count >= _limit)
            return false;
        Insert(~place, slice);
        return true;
    }

    /// <summary>Whether <see cref="TryOpen"/> would open it.</summary>
    public bool MayOpen(long slice) => _count < _limit || (_count > 0 && slice == _newest) || Contains(slice);

    public bool Contains(long slice) => _slices.AsSpan(_head, _count).BinarySearch(slice) >= 0;

    /// <summary>How many are open.</summary>
    public int Count => _count;

    /// <summary>An open slice, by its place from the oldest one on.</summary>
    public long this[int index] => _slices[_head + index];

    /// <summary>Whether a window is one of a grid's.</summary>
    public static bool IsOf(SliceGrid grid, TimeWindow window)
    {
        if (!grid.TryLocate(window.StartTicks, out var slice) || grid.IsHole(slice))
            return false;

        // The windows of a slice end in the order in which they begin.
        var (low, high) = (grid.FirstWindowOf(slice), grid.LastWindowOf(slice) + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (grid.WindowEnd(middle) < window.EndTicks)
                low = middle + 1;
            else
                high = middle;
        }

        return low <= grid.LastWindowOf(slice) && grid.WindowEnd(low) == window.EndTicks
            && grid.WindowStart(low) == window.StartTicks;
    }

    /// <summary>When the open ones of a window's slices had events; null where none of them is open.</summary>
    public SliceTrace? TraceOf(SliceGrid grid, TimeWindow window)
    {
        if (!grid.TryLocate(window.StartTicks, out var start) || grid.IsHole(start))
            return null;
        var place = _slices.AsSpan(_head, _count).BinarySearch(start);
        var trace = default(SliceTrace?);
        for (place = place < 0 ? ~place : place; place < _count; place++)
        {
            if (grid.SliceStart(_slices[_head + place]) >= window.EndTicks)
                break;
            var own = _traces ? _traced[_head + place] : default;
            trace = trace is { } before ? before.With(own) : own;
        }

        return trace;
    }

    /// <summary>An open slice has taken a run.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="run">The run.</param>
    /// <param name="timeOfDayTicks">The time of day as of the newest tick; long.MinValue for none.</param>
    public void Note(long slice, in EventRun run, long timeOfDayTicks)
    {
        if (!_traces || _count == 0)
            return;
        var place = slice == _newest ? _count - 1 : _slices.AsSpan(_head, _count).BinarySearch(slice);
        if (place >= 0)
            _traced[_head + place].Note(run, timeOfDayTicks);
    }

    /// <summary>Forgets what has expired.</summary>
    public void Close(SliceGrid grid, long watermark, long latenessTicks)
    {
        var before = _count;
        while (_count > 0
            && watermark >= TickMath.SaturatingAdd(grid.LastEndOf(_slices[_head]), latenessTicks))
        {
            _head++;
            _count--;
        }

        if (_count == 0)
            _head = 0;
        if (_counters is not null)
            _counters.SlicesClosed += before - _count;
    }

    /// <summary>Writes the slices, ascending.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="boundary">The next watermark at which a window completes or expires.</param>
    public void Save(StateWriter writer, long boundary)
    {
        AssertInvariants();
        writer.Begin(SectionTag.OpenSlices, Version);
        writer.WriteInt64(boundary);
        writer.WriteCount(_count);
        foreach (var slice in _slices.AsSpan(_head, _count))
            writer.WriteInt64(slice);
        writer.End();
    }

    /// <summary>As <see cref="Save"/>, where there are no slices.</summary>
    public static void SaveNone(StateWriter writer)
    {
        writer.Begin(SectionTag.OpenSlices, Version);
        writer.End();
    }

    /// <exception cref="StateException">There are some.</exception>
    public static void LoadNone(StateReader reader)
    {
        reader.Begin(SectionTag.OpenSlices, Version);
        reader.End();
    }

    /// <summary>Opens what was saved, also where that is more than may be open now.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    /// <returns>The next watermark at which a window completes or expires.</returns>
    public long Load(StateReader reader, SliceGrid grid)
    {
        reader.Begin(SectionTag.OpenSlices, Version);
        var boundary = reader.ReadInt64();
        var before = long.MinValue;
        for (var left = reader.ReadCount(sizeof(long), "slices"); left > 0; left--)
        {
            var slice = reader.ReadInt64();
            if (slice <= before || !grid.IsSlice(slice))
                throw reader.Invalid($"slice {slice} is none of these windows, or is not behind slice {before}");
            Place(_count, slice);
            before = slice;
        }

        reader.End();
        AssertInvariants();
        return boundary;
    }

    /// <summary>That the slices ascend.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        for (var index = _head + 1; index < _head + _count; index++)
            Invariant.Require(_slices[index - 1] < _slices[index], "Slices ascend.");
        Invariant.Require(_count == 0 || _newest == _slices[_head + _count - 1], "The newest is the last.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private void Insert(int index, long slice)
    {
        Place(index, slice);
        if (_counters is not null)
            _counters.SlicesOpened++;
    }

    private void Place(int index, long slice)
    {
        if (_head + _count == _slices.Length)
            MakeRoom();
        var at = _head + index;
        Array.Copy(_slices, at, _slices, at + 1, _count - index);
        _slices[at] = slice;
        if (_traces)
        {
            Array.Copy(_traced, at, _traced, at + 1, _count - index);
            _traced[at] = default;
        }

        _count++;
        _newest = _slices[_head + _count - 1];
    }

    private void MakeRoom()
    {
        if (_head > _slices.Length / 2)
        {
            Array.Copy(_slices, _head, _slices, 0, _count);
            if (_traces)
                Array.Copy(_traced, _head, _traced, 0, _count);
            _head = 0;
            return;
        }

        Array.Resize(ref _slices, _slices.Length * 2);
        if (_traces)
            Array.Resize(ref _traced, _slices.Length);
    }
}
