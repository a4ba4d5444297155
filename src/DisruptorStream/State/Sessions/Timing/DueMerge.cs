namespace DisruptorStream.State.Sessions.Timing;

/// <summary>Sorts sessions a part at a time: short runs by the library, which are then merged, two and two.</summary>
internal sealed class DueMerge
{
    /// <summary>What the library sorts at once.</summary>
    public const int RunLength = 256;

    private const int SortedPerUnit = 4;

    private DueSession[] _items = [];
    private DueSession[] _other = [];
    private int _first;
    private int _otherFirst;
    private int _count;
    private int _next;
    private int _left;
    private int _right;

    // Length of the runs that are being merged; 0 while the first are being sorted.
    private int _runLength;
    private bool _isDone = true;
    private bool _isInOther;

    /// <summary>Sorts a few sessions at once.</summary>
    public static void Sort(Span<DueSession> few, ref int budget)
    {
        few.Sort();
        budget -= (few.Length + SortedPerUnit - 1) / SortedPerUnit;
    }

    /// <summary>Begins with sessions, which are left alone by others until it is done.</summary>
    /// <param name="items">Where they are.</param>
    /// <param name="other">Room for as many.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="otherFirst">Where the room begins.</param>
    /// <param name="count">How many.</param>
    public void Begin(DueSession[] items, DueSession[] other, int first, int otherFirst, int count)
    {
        (_items, _other, _first, _otherFirst, _count) = (items, other, first, otherFirst, count);
        (_next, _runLength, _isInOther, _isDone) = (0, 0, false, count < 2);
    }

    /// <summary>Goes on as far as the budget allows; true when it is done.</summary>
    /// <param name="budget">In units of <see cref="DueOrder.SessionsPerUnit"/>; what is left of it.</param>
    public bool Work(ref int budget)
    {
        while (!_isDone && budget > 0)
        {
            if (_runLength == 0)
            {
                var end = Math.Min(_count, _next + RunLength);
                Sort(Source()[_next..end], ref budget);
                _next = end;
            }
            else
            {
                var end = (int)Math.Min(_count, _next + ((long)budget * DueOrder.SessionsPerUnit));
                budget -= (end - _next + DueOrder.SessionsPerUnit - 1) / DueOrder.SessionsPerUnit;
                MergePart(end);
            }

            if (_next == _count)
                BeginNextPass();
        }

        return _isDone;
    }

    private void BeginNextPass()
    {
        if (_runLength > 0)
            _isInOther = !_isInOther;
        _runLength = _runLength == 0 ? RunLength : (int)Math.Min(_count, _runLength * 2L);
        _next = 0;

        // In the wrong place, a last pass with nothing to merge copies what is sorted.
        _isDone = _runLength >= _count && !_isInOther;
    }

    /// <summary>Writes merged sessions up to an end.</summary>
    private void MergePart(int end)
    {
        var source = Source();
        var target = Target();
        while (_next < end)
        {
            var start = (int)(_next / (2L * _runLength) * (2L * _runLength));
            var middle = (int)Math.Min(_count, start + (long)_runLength);
            var stop = (int)Math.Min(_count, start + (2L * _runLength));
            if (_next == start)
                (_left, _right) = (start, middle);
            for (var last = Math.Min(stop, end); _next < last; _next++)
            {
                var takesLeft = _right == stop
                    || (_left < middle && source[_left].CompareTo(source[_right]) <= 0);
                target[_next] = takesLeft ? source[_left++] : source[_right++];
            }
        }
    }

    private Span<DueSession> Source() =>
        _isInOther ? _other.AsSpan(_otherFirst, _count) : _items.AsSpan(_first, _count);

    private Span<DueSession> Target() =>
        _isInOther ? _items.AsSpan(_first, _count) : _other.AsSpan(_otherFirst, _count);
}
