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

    /// <summary>Called before each claim of a publisher, with no claim open.</summary>
    /// <exception cref="ResultBufferFullException">The results must be read before another event is taken.</exception>
    void ThrowIfFull();
}
