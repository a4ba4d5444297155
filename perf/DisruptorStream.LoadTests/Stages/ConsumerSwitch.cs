using DisruptorStream.Events;
using DisruptorStream.Slots;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>Stands between an Inline ring and its stages, and hands what comes to who is to have it.</summary>
internal sealed class ConsumerSwitch : ISlotConsumer
{
    public ConsumerSwitch(ISlotConsumer stages)
    {
        Stages = stages;
        Current = stages;
    }

    /// <summary>The stages of the processor.</summary>
    public ISlotConsumer Stages { get; }

    /// <summary>Who gets what comes.</summary>
    public ISlotConsumer Current { get; set; }

    public long Deliver() => Current.Deliver();

    public void FlushSinks() => Current.FlushSinks();

    public bool TakesEvents() => Current.TakesEvents();

    public bool HasRoom() => Current.HasRoom();

    public void Consume(long first, long last) => Current.Consume(first, last);

    public void ConsumeInPlace(in AcceptedEvents events, long last) => Current.ConsumeInPlace(events, last);
}
