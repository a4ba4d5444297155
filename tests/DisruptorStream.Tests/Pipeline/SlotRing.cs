using DisruptorStream.Events;
using DisruptorStream.Ingest.Slots;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Tests.Pipeline;

/// <summary>A ring of slots of its own, with nobody behind it.</summary>
internal sealed class SlotRing : IDisposable
{
    public const int Capacity = 64;

    private readonly RingBuffer<EventSlot> _slots;

    public SlotRing()
    {
        Wait = WaitStrategy.Create(WaitStrategyKind.Blocking, new ProcessorBudget(1), busyThreads: 1);
        _slots = new RingBuffer<EventSlot>(new MultiProducerSequencer(Capacity, Wait, Wait, Fault));
        Events = new ThreadedEventRing(_slots, 1, new OpenGate(), new WaitMeter(TimeProvider.System));
    }

    public WaitStrategy Wait { get; }

    public RingFault Fault { get; } = new();

    public ThreadedEventRing Events { get; }

    public void Dispose() => _slots.Dispose();

    private sealed class OpenGate : IPublishGate
    {
        public StallTimer BeginWait() => default;

        public void ThrowIfBlocked(ref StallTimer timer)
        {
        }
    }
}
