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
    /// <param name="measures">The measures of an event.</param>
    /// <param name="gate">Asked before a wait for room; null lets everybody wait.</param>
    /// <param name="stamps">Where the time of publication is noted; null for nowhere.</param>
    /// <param name="fault">The fault of the pipeline; null for one of its own.</param>
    public SlotRing(
        long first = 0,
        int measures = 1,
        IPublishGate? gate = null,
        PublishStamps? stamps = null,
        RingFault? fault = null)
    {
        Fault = fault ?? new RingFault();
        Wait = WaitStrategy.Create(WaitStrategyKind.Blocking, new ProcessorBudget(1), busyThreads: 1);
        var sequencer = new MultiProducerSequencer(Capacity, Wait, Wait, Fault, first);
        Slots = new SlotBuffer(sequencer, Math.Max(0, measures - 1));
        Figures = new SlotFigures(sequencer);
        Controls = new ControlSlots(Slots, Figures, stamps);
        Events = new ThreadedEventRing(
            Slots,
            Controls,
            gate ?? new OpenGate(),
            new SourceRegistry().Removals,
            new WaitMeter(TimeProvider.System));
    }

    public WaitStrategy Wait { get; }

    public RingFault Fault { get; }

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
