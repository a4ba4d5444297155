using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment.Slices;

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

    /// <summary>Whether an event is like that.</summary>
    public readonly bool Holds(EventSlot* slot) =>
        (ulong)(slot->TimestampTicks - _startTicks) < _lengthTicks && EventSlot.HeadOf(slot) == _head;
}
