using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Topology;

/// <summary>The slots of a processor, and what of them needs nobody behind them.</summary>
internal sealed class SlotParts
{
    /// <param name="plan">What the processor is.</param>
    /// <param name="meters">Note when slots were published.</param>
    /// <param name="fault">The fault of the pipeline.</param>
    /// <param name="waits">Makes wait strategies.</param>
    /// <param name="first">The first sequence.</param>
    /// <param name="eventsBefore">The events in the slots before that.</param>
    /// <param name="gathers">Whether single events may wait for others, where there are no threads.</param>
    public SlotParts(
        ProcessorPlan plan,
        ProcessorMeters meters,
        RingFault fault,
        Func<WaitStrategy> waits,
        long first,
        long eventsBefore,
        bool gathers)
    {
        var execution = plan.Execution;
        Sequencer sequencer = execution.IsInline
            ? new SingleProducerSequencer(execution.RingCapacity, waits(), waits(), fault, first)
            : new MultiProducerSequencer(execution.RingCapacity, waits(), waits(), fault, first)
            {
                WakeUpRoom = execution.RingCapacity / 4,
            };
        if (execution.IsInline)
        {
            Hold = new InlineHold();
            if (gathers)
                Gathering = new InlineGathering(Hold, execution.RingCapacity);
        }

        Slots = new SlotBuffer(sequencer, plan.Inputs[0].Layout.FurtherWords);
        Figures = new SlotFigures(sequencer, eventsBefore, Hold, Gathering);
        Controls = new ControlSlots(Slots, Figures, meters.Latency?.Stamps);
    }

    /// <summary>The memory.</summary>
    public SlotBuffer Slots { get; }

    /// <summary>The counts.</summary>
    public SlotFigures Figures { get; }

    /// <summary>Fills slots without an event.</summary>
    public ControlSlots Controls { get; }

    /// <summary>Who has the ring, where there are no threads; null where there are.</summary>
    public InlineHold? Hold { get; }

    /// <summary>Where single events wait for others, where there are no threads; null where none does.</summary>
    public InlineGathering? Gathering { get; }
}
