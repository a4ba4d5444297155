using DisruptorStream.Rings;
using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Slots;

/// <summary>How many slots were claimed, how many of them hold events, and how many wait.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class SlotFigures
{
    private readonly Sequencer _sequencer;
    private readonly InlineHold? _hold;
    private readonly InlineGathering? _gathering;
    private long _slotsWithoutEvent;
    private long _end = long.MaxValue;

    /// <param name="sequencer">Hands out the slots.</param>
    /// <param name="eventsBefore">The events in the slots before its first one.</param>
    /// <param name="hold">Who has the ring; null where there are threads.</param>
    /// <param name="gathering">Where single events wait for others; null where none does.</param>
    public SlotFigures(
        Sequencer sequencer, long eventsBefore = 0, InlineHold? hold = null, InlineGathering? gathering = null)
    {
        _gathering = gathering;
        _sequencer = sequencer;
        _hold = hold;
        _slotsWithoutEvent = sequencer.LastClaimed + 1 - eventsBefore;
    }

    /// <summary>Events claimed so far, those of claims that are still open included.</summary>
    /// <remarks>The claims first: what has no event is known a moment after its claim.</remarks>
    public long EventsClaimed =>
        Math.Max(0, _sequencer.LastClaimed + 1 - Volatile.Read(ref _slotsWithoutEvent) + EventsLeft);

    /// <summary>
    /// Slots claimed and not handled yet. Those behind the Stop slot never are, and do not count. Exact only while
    /// nobody else moves.
    /// </summary>
    public long Backlog
    {
        get
        {
            var claimed = _sequencer.Capacity - _sequencer.RemainingCapacity;

            // Pairs with the write in NoteEnd.
            var behindEnd = _sequencer.LastClaimed - Volatile.Read(ref _end);
            return Math.Max(0, claimed - Math.Max(0, behindEnd)) + EventsLeft;
        }
    }

    /// <summary>
    /// The sequence of an open claim that the stages wait for; null where they wait for none. Exact while nothing
    /// moves.
    /// </summary>
    public long? FirstOpenClaim
    {
        get
        {
            if (_hold is { } hold)
                return hold.IsOpen ? _sequencer.Cursor.Value + 1 : null;
            var next = _sequencer.HighestPublished(_sequencer.Consumed + 1) + 1;
            return next <= _sequencer.LastClaimed ? next : null;
        }
    }

    /// <summary>
    /// Events that waited without a claim when the processor ended. Before, they are handled before anybody asks.
    /// </summary>
    private int EventsLeft => _gathering is { Count: var count } && _hold is { HasEnded: true } ? count : 0;

    /// <summary>A number of slots that were claimed hold no event. Pairs with the read in EventsClaimed.</summary>
    public void CountWithoutEvent(int count) => Interlocked.Add(ref _slotsWithoutEvent, count);

    /// <summary>The Stop slot. Pairs with the read in Backlog.</summary>
    public void NoteEnd(long sequence) => Volatile.Write(ref _end, sequence);
}
