using DisruptorStream.Events;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// What becomes of an event whose session is known; a struct type parameter, so that the call is none.
/// </summary>
internal unsafe interface IEventFold
{
    /// <param name="slot">The event, which follows the one before.</param>
    /// <param name="accumulators">Those of its session.</param>
    void Take(EventSlot* slot, byte* accumulators);
}
