using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Tests.Slots.Inline;

/// <summary>A ring without threads, of which the test is the consumer, the clock and the gate.</summary>
internal sealed unsafe class InlineRing : ISlotConsumer, ITickSource, IPublishGate, IPendingSlots
{
    public const int Capacity = 16;

    private readonly SlotBuffer _slots;
    private readonly Sequence _consumed = new();

    /// <param name="first">The first sequence.</param>
    /// <param name="measures">The measures of an event.</param>
    /// <param name="stamps">Where the time of publication is noted; null for nowhere.</param>
    public InlineRing(long first = 0, int measures = 1, PublishStamps? stamps = null)
    {
        var wait = new HostsWait(this);
        var sequencer = new SingleProducerSequencer(Capacity, wait, wait, Fault, first);
        sequencer.AddGatingSequences(_consumed);
        _slots = new SlotBuffer(sequencer, Math.Max(0, measures - 1));
        Figures = new SlotFigures(sequencer, first, Hold);
        Controls = new ControlSlots(_slots, Figures, stamps);
        Events = new InlineEventRing(_slots, Controls, this, this, Hold, this, this);
    }

    public RingFault Fault { get; } = new();

    public InlineHold Hold { get; } = new();

    public SlotFigures Figures { get; }

    public ControlSlots Controls { get; }

    public InlineEventRing Events { get; }

    /// <summary>What was consumed, asked and told, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Events that were consumed where they are.</summary>
    public List<AcceptedEvents> InPlace { get; } = [];

    /// <summary>Called in the middle of the next consumption.</summary>
    public Action? OnConsume { get; set; }

    /// <summary>Called by the next claim, before it takes the ring.</summary>
    public Action? OnAsk { get; set; }

    /// <summary>Called when a claim finds no room.</summary>
    public Action? OnWait { get; set; }

    /// <summary>Whether what is consumed makes no room.</summary>
    public bool KeepsSlots { get; init; }

    public bool IsTickDue { get; set; }

    /// <summary>The kind of a slot that waits for room; null for none.</summary>
    public SlotKind? Waiting { get; set; }

    bool IPendingSlots.IsEmpty => Waiting is null;

    void ISlotConsumer.Consume(long first, long last)
    {
        var kinds = new List<SlotKind>();
        for (var sequence = first; sequence <= last; sequence++)
            kinds.Add(_slots.SlotAt(sequence)->Kind);
        Log.Add($"{first}: {string.Join(' ', kinds)}");
        EndConsume(last);
    }

    void ISlotConsumer.ConsumeInPlace(in AcceptedEvents events, long last)
    {
        InPlace.Add(events);
        Log.Add($"{events.View.FirstSequence}: {events.View.Count} in place, up to {last}");
        EndConsume(last);
    }

    bool ISlotConsumer.TakesEvents()
    {
        var ask = OnAsk;
        OnAsk = null;
        ask?.Invoke();
        return true;
    }

    bool ISlotConsumer.HasRoom() => true;

    long ISlotConsumer.Deliver() => _slots.Sequencer.Cursor.Value;

    void ISlotConsumer.FlushSinks() => Log.Add("flushed");

    bool ITickSource.IsDue() => IsTickDue;

    void ITickSource.Pass(int calls) => Log.Add($"passed: {calls}");

    TickReading ITickSource.Read()
    {
        IsTickDue = false;
        return new TickReading(TimeOfDayTicks: 70, SteadyTicks: 7, QuietStepTicks: 3);
    }

    void ITickSource.GiveBack(in TickReading reading) => Log.Add($"given back: {reading.QuietStepTicks}");

    void ITickSource.Tell() => Log.Add($"told, {(Hold.IsFree ? "free" : "held")}");

    StallTimer IPublishGate.BeginWait() => throw new InvalidOperationException("Nobody waits.");

    void IPublishGate.ThrowIfBlocked(ref StallTimer timer) => throw new InvalidOperationException("Nobody waits.");

    void IPendingSlots.Publish(EventRing ring)
    {
        var kind = Waiting!.Value;
        Waiting = null;
        ring.PublishControl(kind);
    }

    /// <summary>Makes room of all that was published.</summary>
    public void Release() => _consumed.SetRelease(_slots.Sequencer.Cursor.Value);

    private void EndConsume(long last)
    {
        if (!KeepsSlots)
            _consumed.SetRelease(last);
        var consume = OnConsume;
        OnConsume = null;
        consume?.Invoke();
    }

    /// <summary>Nobody else runs: the test makes the room.</summary>
    private sealed class HostsWait : WaitStrategy
    {
        private readonly InlineRing _ring;

        public HostsWait(InlineRing ring) => _ring = ring;

        public override bool MayBeAwaited => false;

        public override bool Wait(IWaitCondition condition, int timeoutMilliseconds = Timeout.Infinite)
        {
            var wait = _ring.OnWait ?? throw new InvalidOperationException("Nobody makes room.");
            wait();
            return condition.IsMet;
        }

        public override void Signal()
        {
        }
    }
}
