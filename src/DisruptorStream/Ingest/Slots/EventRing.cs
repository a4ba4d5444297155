using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Ingest.Slots;

/// <summary>The one sequence of a processor: its slots, and the further measures that lie beside them.</summary>
/// <remarks>
/// A claim must be published, and is at once: what follows it stays invisible until then. Slots start as void ones,
/// so a publisher that fails half way publishes nothing that can be taken for an event.
/// </remarks>
internal abstract unsafe class EventRing
{
    private readonly RingBuffer<EventSlot> _slots;
    private readonly long* _furtherMeasures;
    private readonly int _furtherMeasureCount;
    private long _slotsWithoutEvent;
    private long _end = long.MaxValue;
    private bool _isClosed;

    /// <param name="slots">The slots.</param>
    /// <param name="measureCount">The measures of an event.</param>
    /// <param name="gate">Asked by all who have to wait for room.</param>
    protected EventRing(RingBuffer<EventSlot> slots, int measureCount, IPublishGate gate)
    {
        Gate = gate;
        _slots = slots;
        _furtherMeasureCount = Math.Max(0, measureCount - 1);
        if (_furtherMeasureCount == 0)
            return;
        var lengthBytes = checked((nuint)slots.Capacity * (nuint)_furtherMeasureCount * sizeof(long));
        _furtherMeasures = (long*)NativeMemory.AlignedAlloc(lengthBytes, Sequence.PaddingBytes);
        NativeMemory.Clear(_furtherMeasures, lengthBytes);
    }

    /// <remarks>
    /// Nobody disposes a ring: a publisher that was overtaken by the stop may still be writing to its claim.
    /// </remarks>
    [SuppressMessage(
        "Design", "MA0055", Justification = "Freed when the last publisher is gone, which only the collector knows.")]
    ~EventRing()
    {
        _slots.Dispose();
        NativeMemory.AlignedFree(_furtherMeasures);
    }

    public int Capacity => _slots.Capacity;

    public Sequencer Sequencer => _slots.Sequencer;

    public long BytesReserved => (long)Capacity * (sizeof(EventSlot) + (_furtherMeasureCount * sizeof(long)));

    /// <summary>Where the time of publication is noted; null for nowhere.</summary>
    public PublishStamps? Stamps { get; init; }

    /// <summary>Events claimed so far, those of claims that are still open included.</summary>
    /// <remarks>Any thread. The claims first: what has no event is known a moment after its claim.</remarks>
    public long EventsClaimed => Math.Max(0, Sequencer.LastClaimed + 1 - Volatile.Read(ref _slotsWithoutEvent));

    /// <summary>The newest sequence claimed; -1 before the first.</summary>
    public long LastClaimed => Sequencer.Cursor.Value;

    /// <summary>
    /// Slots claimed and not handled yet. Those behind the Stop slot never are, and do not count. Any thread; exact
    /// only while nobody else moves.
    /// </summary>
    public long Backlog
    {
        get
        {
            var claimed = Capacity - Sequencer.RemainingCapacity;

            // Pairs with the write in Fill.
            var behindEnd = Sequencer.LastClaimed - Volatile.Read(ref _end);
            return Math.Max(0, claimed - Math.Max(0, behindEnd));
        }
    }

    /// <summary>
    /// The sequence of an open claim that the stages wait for; null where they wait for none. Exact while nothing
    /// moves.
    /// </summary>
    public virtual long? FirstOpenClaim
    {
        get
        {
            var next = Sequencer.HighestPublished(Sequencer.Consumed + 1) + 1;
            return next <= Sequencer.LastClaimed ? next : null;
        }
    }

    /// <summary>Whether events are still taken. Pairs with the write in <see cref="Close"/>.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Asked by all who have to wait for room.</summary>
    public IPublishGate Gate { get; }

    /// <summary>Sources that were disposed while there was no room to say so.</summary>
    public SourceRemovals Removals { get; } = new();

    /// <summary>Claims up to so many sequences, fewer where the ring wraps, and waits while it is full.</summary>
    /// <exception cref="ProcessorStoppedException">The processor takes no more events.</exception>
    /// <exception cref="ResultBufferFullException">The ring is full because nobody reads the results.</exception>
    public abstract SequenceRange Claim(int count, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="Claim"/>, but returns false where the ring is full.</summary>
    public abstract bool TryClaim(int count, out SequenceRange range);

    /// <summary>As <see cref="Claim"/>, for one that stays with the host until it is published or dropped.</summary>
    public virtual SequenceRange OpenClaim(int count) => Claim(count);

    /// <summary>Publishes a claim of the host's, of which the first slots were filled.</summary>
    /// <exception cref="ProcessorStoppedException">The processor has ended: none of the events is taken.</exception>
    /// <exception cref="PipelineException">A stage has failed: none of the events is taken.</exception>
    public abstract void PublishClaim(SequenceRange range, int filled);

    /// <summary>Gives a claim of the host's up. Does not throw where the processor has ended.</summary>
    public abstract void DropClaim(SequenceRange range);

    /// <summary>As <see cref="TryClaim"/>, for the engine's own slots: also when the ring is closed.</summary>
    public abstract bool TryClaimControl(out SequenceRange range);

    /// <summary>As <see cref="Claim"/>, for the engine's own slots: also when the ring is closed.</summary>
    public abstract SequenceRange ClaimControl(CancellationToken cancellationToken);

    /// <summary>Makes claimed slots visible; inline, processes them.</summary>
    public abstract void Publish(SequenceRange range);

    /// <summary>
    /// Whether <see cref="PublishInPlace"/> may be called: nobody else reads the slots, now or later.
    /// </summary>
    public virtual bool TakesInPlace => false;

    /// <summary>
    /// As <see cref="Publish"/>, but the first of the claimed slots were not filled: their events are processed where
    /// they are.
    /// </summary>
    public virtual void PublishInPlace(SequenceRange range, in AcceptedEvents events) =>
        throw new NotSupportedException("Only a ring without threads processes events where they are.");

    /// <summary>
    /// Completes when there may be room, or soon; then with false, and the caller asks the gate before it waits on.
    /// </summary>
    public abstract Task<bool> WaitForSpaceAsync(CancellationToken cancellationToken);

    public EventSlot* SlotAt(long sequence) => _slots.Address(sequence);

    public long* FurtherMeasuresAt(long sequence) =>
        _furtherMeasures + ((sequence & _slots.Mask) * _furtherMeasureCount);

    /// <summary>The slots from a sequence on, which must not cross the wrap.</summary>
    public EventView View(long first, int count) =>
        new(SlotAt(first), FurtherMeasuresAt(first), _furtherMeasureCount, first, count);

    /// <summary>How many of first..last lie before the wrap.</summary>
    public int ContiguousCount(long first, long last) => _slots.ContiguousCount(first, last);

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
        CountWithoutEvent(range.Count);
        for (var sequence = range.First; sequence <= range.Last; sequence++)
            *SlotAt(sequence) = new EventSlot { Kind = SlotKind.Void };
    }

    /// <summary>From now on no event is taken; slots of the engine itself still are.</summary>
    public virtual void Close()
    {
        // Pairs with the read in IsClosed. What is claimed after the Stop slot, which follows this, sees it.
        Volatile.Write(ref _isClosed, true);
        Interlocked.MemoryBarrier();
    }

    /// <summary>Publishes one slot of the engine itself, and returns its sequence.</summary>
    public long PublishControl(
        SlotKind kind,
        long timestamp = 0,
        int source = 0,
        int keyId = -1,
        long measure = 0,
        CancellationToken cancellationToken = default)
    {
        var range = ClaimControl(cancellationToken);
        PublishAs(range, kind, timestamp, source, keyId, measure);
        return range.First;
    }

    /// <summary>As <see cref="PublishControl"/>, but gives up where the ring is full.</summary>
    public bool TryPublishControl(
        SlotKind kind, long timestamp = 0, int source = 0, int keyId = -1, long measure = 0)
    {
        if (!TryClaimControl(out var range))
            return false;
        PublishAs(range, kind, timestamp, source, keyId, measure);
        return true;
    }

    /// <summary>As the other form, and says which slot it is.</summary>
    public bool TryPublishControl(SlotKind kind, int source, out long sequence)
    {
        var isClaimed = TryClaimControl(out var range);
        sequence = range.First;
        if (isClaimed)
            PublishAs(range, kind, source: source);
        return isClaimed;
    }

    /// <summary>As the other form, from the thread that consumes the slots.</summary>
    public virtual bool TryPublishFromWorker(SlotKind kind, int keyId) => TryPublishControl(kind, keyId: keyId);

    /// <summary>Publishes a claimed slot as one of the engine's own, whatever the host's clock does.</summary>
    public void PublishAs(
        SequenceRange range, SlotKind kind, long timestamp = 0, int source = 0, int keyId = -1, long measure = 0)
    {
        Fill(range, kind, timestamp, source, keyId, measure);
        try
        {
            Stamps?.OnControl(range.First);
        }
        finally
        {
            Publish(range);
        }
    }

    /// <summary>Makes a claimed slot one of the engine's own.</summary>
    protected void Fill(
        SequenceRange range, SlotKind kind, long timestamp, int source, int keyId, long measure = 0)
    {
        CountWithoutEvent(1);

        // Pairs with the read in Backlog.
        if (kind == SlotKind.Stop)
            Volatile.Write(ref _end, range.First);
        *SlotAt(range.First) = new EventSlot
        {
            Kind = kind,
            Timestamp = timestamp,
            Measure = measure,
            SourceId = (ushort)source,
            KeyId = keyId,
        };
    }

    /// <summary>So many slots that were claimed for events hold none. Pairs with the read in EventsClaimed.</summary>
    public void CountWithoutEvent(int count) => Interlocked.Add(ref _slotsWithoutEvent, count);

    /// <summary>Says why the ring is closed, if it is: a stage has failed, or the processor was stopped.</summary>
    public void ThrowIfClosed()
    {
        if (IsClosed)
            ThrowClosed();
    }

    /// <summary>Says why the ring is closed: a stage has failed, or the processor was stopped.</summary>
    [DoesNotReturn]
    protected void ThrowClosed()
    {
        throw Sequencer.Fault.ToException();
    }

    /// <summary>Makes a claim of the host's void, as the processor has ended meanwhile, and says so.</summary>
    [DoesNotReturn]
    protected void ThrowEnded(SequenceRange range)
    {
        Void(range);
        Sequencer.Publish(range);
        ThrowClosed();
    }
}
