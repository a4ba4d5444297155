using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>
/// The slices that have taken an event and have not expired, counted before sharding so that a limit on them is
/// global.
/// </summary>
internal sealed class OpenSlices
{
    private readonly int _limit;
    private long[] _slices = new long[64];
    private int _head;
    private int _count;
    private long _newest = long.MinValue;

    public OpenSlices(int limit) => _limit = limit;

    /// <summary>Whether the slice is open or may be opened.</summary>
    public bool TryOpen(long slice)
    {
        if (_count > 0 && slice == _newest)
            return true;
        var place = _slices.AsSpan(_head, _count).BinarySearch(slice);
        if (place >= 0)
            return true;
        if (_count == _limit)
            return false;
        Insert(~place, slice);
        return true;
    }

    public bool Contains(long slice) => _slices.AsSpan(_head, _count).BinarySearch(slice) >= 0;

    /// <summary>Forgets what has expired.</summary>
    public void Close(SliceGrid grid, long watermark, long latenessTicks)
    {
        while (_count > 0
            && watermark >= TickMath.SaturatingAdd(grid.LastEndOf(_slices[_head]), latenessTicks))
        {
            _head++;
            _count--;
        }

        if (_count == 0)
            _head = 0;
    }

    private void Insert(int index, long slice)
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
