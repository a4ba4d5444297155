using System.Diagnostics;
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
    private long[] _slices = new long[64];
    private int _head;
    private int _count;
    private long _newest = long.MinValue;

    /// <param name="limit">The most that may be open.</param>
    /// <param name="counters">Counts them; null where the stores count windows of their own.</param>
    public OpenSlices(int limit, AssignmentCounters? counters)
    {
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
        _count++;
        _newest = _slices[_head + _count - 1];
    }

    private void MakeRoom()
    {
        if (_head > _slices.Length / 2)
        {
            Array.Copy(_slices, _head, _slices, 0, _count);
            _head = 0;
            return;
        }

        Array.Resize(ref _slices, _slices.Length * 2);
    }
}
