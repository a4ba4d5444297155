using System.Numerics;

namespace DisruptorStream.State.Sessions.Timing;

/// <summary>Puts sessions that fire in their order, a part at a time.</summary>
/// <remarks>
/// Ends lie all over their range as a rule. One pass deals them out to as many places of the same width, of which few
/// get more than one. What shares a place is sorted by the library where it is little, and else merged.
/// </remarks>
internal sealed class DueOrder
{
    /// <summary>How many sessions one unit of a budget moves by one pass.</summary>
    public const int SessionsPerUnit = 16;

    private const int Few = 16;
    private const int MostPlaces = 8192;

    private readonly int[] _firsts = new int[MostPlaces + 1];
    private readonly DueMerge _merge = new();
    private DueSession[] _due = [];
    private DueSession[] _dealt = [];
    private Pass _pass = Pass.Done;
    private int _first;
    private int _count;
    private int _next;
    private int _places;
    private int _shift;
    private long _earliest;
    private long _latest;

    private enum Pass
    {
        Range,
        Count,
        Deal,
        Copy,
        Sort,
        Done,
    }

    public bool IsDone => _pass == Pass.Done;

    /// <summary>Begins with sessions, which are left alone by others until it is done.</summary>
    public void Begin(DueSession[] due, int first, int count)
    {
        (_due, _first, _count, _next) = (due, first, count, 0);
        (_earliest, _latest) = (long.MaxValue, long.MinValue);
        _pass = count > Few ? Pass.Range : Pass.Done;
        if (count is > 1 and <= Few)
            due.AsSpan(first, count).Sort();
    }

    /// <summary>Goes on as far as the budget allows; true when it is done.</summary>
    /// <param name="budget">In units of <see cref="SessionsPerUnit"/>; what is left of it.</param>
    public bool Work(ref int budget)
    {
        while (_pass != Pass.Done && budget > 0)
        {
            if (_pass == Pass.Sort)
            {
                if (!TrySortPlaces(ref budget))
                    return false;
                _pass = Pass.Done;
                break;
            }

            var end = (int)Math.Min(_count, _next + ((long)budget * SessionsPerUnit));
            Move(_due.AsSpan(_first, _count), end);
            budget -= (end - _next + SessionsPerUnit - 1) / SessionsPerUnit;
            _next = end;
            if (end == _count)
                BeginNextPass();
        }

        return IsDone;
    }

    /// <summary>One pass over the sessions from the next one up to an end.</summary>
    private void Move(Span<DueSession> due, int end)
    {
        var part = due[_next..end];
        switch (_pass)
        {
            case Pass.Range:
                foreach (ref readonly var session in part)
                {
                    _earliest = Math.Min(_earliest, session.EndTicks);
                    _latest = Math.Max(_latest, session.EndTicks);
                }

                break;
            case Pass.Count:
                foreach (ref readonly var session in part)
                    _firsts[PlaceOf(session)]++;
                break;
            case Pass.Deal:
                // From where each place ends down to where it begins.
                foreach (ref readonly var session in part)
                    _dealt[--_firsts[PlaceOf(session)]] = session;
                break;
            default:
                _dealt.AsSpan(_next, part.Length).CopyTo(part);
                break;
        }
    }

    private void BeginNextPass()
    {
        _next = 0;
        _pass++;
        if (_pass == Pass.Count)
        {
            var placeBits = Math.Min(BitOperations.Log2((uint)_count), BitOperations.Log2(MostPlaces) - 1) + 1;
            var rangeBits = BitOperations.Log2((ulong)(_latest - _earliest)) + 1;
            _shift = Math.Max(0, rangeBits - placeBits);
            _places = 1 << placeBits;
            if (_dealt.Length < _count)
                _dealt = new DueSession[BitOperations.RoundUpToPowerOf2((uint)_count)];
            _firsts.AsSpan(0, _places + 1).Clear();
        }
        else if (_pass == Pass.Deal)
        {
            var sum = 0;
            foreach (ref var place in _firsts.AsSpan(0, _places + 1))
                place = sum += place;
        }
    }

    private bool TrySortPlaces(ref int budget)
    {
        for (; _next < _places; _next++)
        {
            if (!_merge.Work(ref budget) || budget <= 0)
                return false;
            var length = _firsts[_next + 1] - _firsts[_next];
            if (length > DueMerge.RunLength)
                _merge.Begin(_due, _dealt, _first + _firsts[_next], _firsts[_next], length);
            else if (length > 1)
                DueMerge.Sort(_due.AsSpan(_first + _firsts[_next], length), ref budget);
        }

        return _merge.Work(ref budget);
    }

    private int PlaceOf(in DueSession session) => (int)((ulong)(session.EndTicks - _earliest) >> _shift);
}
