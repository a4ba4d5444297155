using DisruptorStream.Ingest.Sources;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Tests.Pipeline;

/// <summary>A ring of slots of its own, with nobody behind it.</summary>
internal sealed class SlotRing
{
    public const int Capacity = 64;

    /// <param name="first">The first sequence.</param>
    public SlotRing(long first = 0)
    {
        Wait = WaitStrategy.Create(WaitStrategyKind.Blocking, new ProcessorBudget(1), busyThreads: 1);
        var sequencer = new MultiProducerSequencer(Capacity, Wait, Wait, Fault, first);
        Slots = new SlotBuffer(sequencer, measureCount: 1);
        Figures = new SlotFigures(sequencer);
        Controls = new ControlSlots(Slots, Figures, stamps: null);
        Events = new ThreadedEventRing(
            Slots,
            Controls,
            new OpenGate(),
            new SourceRegistry().Removals,
            new WaitMeter(TimeProvider.System));
    }

    public WaitStrategy Wait { get; }

    public RingFault Fault { get; } = new();

    public SlotBuffer Slots { get; }

    public SlotFigures Figures { get; }

    public ControlSlots Controls { get; }

    public ThreadedEventRing Events { get; }

    private sealed class OpenGate : IPublishGate
    {
        public StallTimer BeginWait() => default;

        public void ThrowIfBlocked(ref StallTimer timer)
        {
        }
    }
}
