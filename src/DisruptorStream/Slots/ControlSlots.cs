using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Slots;

/// <summary>Fills slots that hold no event: those of the engine itself, and void ones.</summary>
internal sealed unsafe class ControlSlots
{
    private readonly SlotBuffer _slots;

    /// <param name="slots">The slots.</param>
    /// <param name="figures">Told how many hold no event.</param>
    /// <param name="stamps">Where the time of publication is noted; null for nowhere.</param>
    public ControlSlots(SlotBuffer slots, SlotFigures figures, PublishStamps? stamps)
    {
        _slots = slots;
        Figures = figures;
        Stamps = stamps;
    }

    /// <summary>Told how many slots hold no event.</summary>
    public SlotFigures Figures { get; }

    /// <summary>Where the time of publication is noted; null for nowhere.</summary>
    public PublishStamps? Stamps { get; }

    /// <summary>Makes a claimed slot one of the engine's own.</summary>
    public void Fill(
        SequenceRange range, SlotKind kind, long timestamp = 0, int source = 0, int keyId = -1, long measure = 0)
    {
        Figures.CountWithoutEvent(1);
        if (kind == SlotKind.Stop)
            Figures.NoteEnd(range.First);
        *_slots.SlotAt(range.First) = new EventSlot
        {
            Kind = kind,
            TimestampTicks = timestamp,
            Measure = measure,
            SourceId = (ushort)source,
            KeyId = keyId,
        };
    }

    /// <summary>Makes a claimed slot a tick.</summary>
    public void FillTick(SequenceRange range, in TickReading reading)
    {
        Fill(range, SlotKind.Tick, reading.TimeOfDayTicks, measure: reading.SteadyTicks);
        _slots.SlotAt(range.First)->SetQuietStep(reading.QuietStepTicks);
    }

    /// <summary>
    /// Publishes a slot from a thread that handles slots, which must not wait: returns false where the ring is full.
    /// </summary>
    /// <param name="kind">What it asks for.</param>
    /// <param name="keyId">The key that it is about.</param>
    /// <param name="column">The number of the key's column, in the place of a source.</param>
    /// <remarks>Inline the slot is handled later within the same call.</remarks>
    public bool TryPublishFromWorker(SlotKind kind, int keyId, int column)
    {
        if (!_slots.Sequencer.TryClaim(1, out var range))
            return false;
        Fill(range, kind, source: column, keyId: keyId);
        try
        {
            Stamps?.OnControl(range.First);
        }
        finally
        {
            // Whatever the host's clock does: a claim that is never published ends the ring.
            _slots.Sequencer.Publish(range);
        }

        return true;
    }

    /// <summary>Makes the slots of a claim void that were not filled.</summary>
    /// <param name="range">The claim.</param>
    /// <param name="filled">How many slots were, from the first on.</param>
    public void VoidRest(SequenceRange range, int filled)
    {
        if (filled < range.Count)
            Void(new SequenceRange(range.First + filled, range.Count - filled));
    }

    /// <summary>Makes claimed slots void ones.</summary>
    public void Void(SequenceRange range)
    {
        Figures.CountWithoutEvent(range.Count);
        for (var sequence = range.First; sequence <= range.Last; sequence++)
            *_slots.SlotAt(sequence) = new EventSlot { Kind = SlotKind.Void };
    }
}
