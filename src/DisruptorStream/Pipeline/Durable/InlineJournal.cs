using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Slots;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>Writes slots to the journal on the publisher's thread, before the stages handle them.</summary>
/// <remarks>
/// <para>
/// The ring lets in one call at a time. Slots that the stages publish themselves within a call are written at its end;
/// what they fire waits until then at the gate.
/// </para>
/// <para>
/// Where a write need not be durable at once, single events are gathered: they are written once there are enough, at
/// each tick, when somebody flushes, and when they fire a result, which waits for that.
/// </para>
/// </remarks>
internal sealed class InlineJournal : ISlotConsumer
{
    private readonly JournalStage _stage;
    private readonly SlotBuffer _slots;
    private readonly ISlotConsumer _stages;
    private readonly Deliveries _deliveries;
    private readonly SlotGatherer? _gathered;

    /// <param name="stage">Writes.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="stages">Handle what is written.</param>
    /// <param name="deliveries">What the gate holds.</param>
    /// <param name="gathered">Where single events are gathered; null where each is written at once.</param>
    public InlineJournal(
        JournalStage stage, SlotBuffer slots, ISlotConsumer stages, Deliveries deliveries, SlotGatherer? gathered)
    {
        _stage = stage;
        _slots = slots;
        _stages = stages;
        _deliveries = deliveries;
        _gathered = gathered;
    }

    private RingFault Fault => _slots.Sequencer.Fault;

    public void Consume(long first, long last)
    {
        if (!TryGather(first, last))
            WriteThrough(last);
        _stages.Consume(first, last);
        WriteBehind(last);
    }

    public void ConsumeInPlace(in AcceptedEvents events, long last)
    {
        try
        {
            WriteGathered();
            _stage.WriteInPlace(events.View, last);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        _stages.ConsumeInPlace(events, last);
        WriteBehind(last);
    }

    public long Deliver()
    {
        if (!Fault.IsFaulted)
            WriteThrough(_slots.Sequencer.Cursor.Value);
        return _stages.Deliver();
    }

    public void FlushSinks() => _stages.FlushSinks();

    public bool TakesEvents() => _stages.TakesEvents();

    public bool HasRoom() => _stages.HasRoom();

    /// <summary>Writes what is gathered. Within a call.</summary>
    /// <exception cref="Durability.Journal.JournalException">The disk failed.</exception>
    public void WriteGathered()
    {
        if (_gathered is not { Count: > 0 } gathered)
            return;
        var slots = gathered.Slots;
        gathered.Clear();
        _stage.WriteInPlace(slots, slots.FirstSequence + slots.Count - 1);
    }

    /// <summary>Of a recording, when nobody calls any more: writes all that was published.</summary>
    public void WriteRest()
    {
        WriteGathered();
        _stage.WriteRest();
    }

    private bool TryGather(long first, long last)
    {
        if (_gathered is null || last - first >= SlotGatherer.MostAtOnce || _stage.HasRecords)
            return false;
        return _gathered.TryAdd(_slots.View(first, (int)(last - first) + 1));
    }

    /// <summary>The stages have handled all: writes what they published, and what fired a result.</summary>
    private void WriteBehind(long last)
    {
        if (Fault.IsFaulted)
            return;
        var published = _slots.Sequencer.Cursor.Value;
        if (published == last && !(_gathered is { Count: > 0 } && _deliveries.HoldsRows))
            return;
        WriteThrough(published);
        _stages.Deliver();
    }

    private void WriteThrough(long last)
    {
        try
        {
            WriteGathered();
            if (_stage.Next <= last || _stage.HasRecords)
                _stage.WriteThrough(last);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        Fault.TrySet(exception, "journal", _stage.Next);
        Fault.ThrowIfFaulted();
    }
}
