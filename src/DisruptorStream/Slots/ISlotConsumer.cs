using DisruptorStream.Events;

namespace DisruptorStream.Slots;

/// <summary>Handles published slots on the publisher's own thread.</summary>
internal interface ISlotConsumer
{
    /// <summary>Handles first..last, which do not cross the wrap, and delivers all that they fire.</summary>
    void Consume(long first, long last);

    /// <summary>
    /// As <see cref="Consume"/>, but the first slots are events that lie elsewhere.
    /// </summary>
    void ConsumeInPlace(in AcceptedEvents events, long last);

    /// <summary>Delivers what was held and may go now. Returns how far all is delivered.</summary>
    long Deliver();

    /// <summary>Tells the sinks that somebody waits for all that has been delivered.</summary>
    void FlushSinks();

    /// <summary>Called before each claim of a publisher, with no claim open.</summary>
    /// <returns>False where results are held: <see cref="Deliver"/> and <see cref="HasRoom"/> tell more.</returns>
    /// <exception cref="ResultBufferFullException">The results must be read before another event is taken.</exception>
    bool TakesEvents();

    /// <summary>Called where it took no events, after <see cref="Deliver"/>.</summary>
    /// <returns>False where it takes some soon.</returns>
    /// <exception cref="ResultBufferFullException">What holds the results must let go first.</exception>
    bool HasRoom();
}
