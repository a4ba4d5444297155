using DisruptorStream.Events;

namespace DisruptorStream.Slots.Inline;

/// <summary>What the next event has to be like to be judged as the one before it was.</summary>
/// <remarks>It holds until anything else is handled than such events.</remarks>
internal unsafe struct AlikeEvents
{
    private long _startTicks;
    private ulong _lengthTicks;
    private uint _head;

    /// <summary>No event is judged as another one was.</summary>
    public void Forget() => _lengthTicks = 0;

    /// <param name="source">Whose events they are.</param>
    /// <param name="startTicks">The first time.</param>
    /// <param name="endTicks">Behind the last time.</param>
    public void Expect(ushort source, long startTicks, long endTicks)
    {
        _head = source;
        _startTicks = startTicks;
        _lengthTicks = (ulong)Math.Max(0, endTicks - startTicks);
    }

    /// <summary>Leaves those that are like others, too.</summary>
    public void Restrict(in AlikeEvents others)
    {
        var start = Math.Max(_startTicks, others._startTicks);
        var end = Math.Min(_startTicks + (long)_lengthTicks, others._startTicks + (long)others._lengthTicks);
        _startTicks = start;
        _lengthTicks = _head == others._head ? (ulong)Math.Max(0, end - start) : 0;
    }

    /// <summary>Whether there may be any.</summary>
    public readonly bool HasAny => _lengthTicks > 0;

    /// <summary>Whether an accepted event is like that.</summary>
    /// <param name="ticks">Its time.</param>
    /// <param name="source">Its source.</param>
    public readonly bool Holds(long ticks, ushort source) =>
        (ulong)(ticks - _startTicks) < _lengthTicks && source == _head;

    /// <summary>Whether an event is like that.</summary>
    public readonly bool Holds(EventSlot* slot) =>
        (ulong)(slot->TimestampTicks - _startTicks) < _lengthTicks && EventSlot.HeadOf(slot) == _head;
}
