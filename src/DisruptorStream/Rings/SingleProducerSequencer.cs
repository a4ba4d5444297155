using System.Runtime.InteropServices;

namespace DisruptorStream.Rings;

/// <summary>The sequencer of a ring with one producer: no interlocked operation per claim.</summary>
/// <remarks>Claims and publications come from one thread at a time, published in the order of the claims.</remarks>
internal sealed class SingleProducerSequencer : Sequencer
{
    private readonly int _mask;
    private ProducerState _producer;

    /// <inheritdoc/>
    public SingleProducerSequencer(
        int capacity, WaitStrategy published, WaitStrategy consumed, RingFault fault, long first = 0)
        : base(capacity, published, consumed, fault, first)
    {
        _mask = capacity - 1;
        _producer = new ProducerState { Claimed = first - 1, Gate = first - 1 };
    }

    /// <summary>Others read it for statistics only; pairs with the write in <see cref="TryClaim"/>.</summary>
    protected override long Claimed => Volatile.Read(ref _producer.Claimed);

    public override bool TryClaim(int count, out SequenceRange range)
    {
        ThrowUnlessClaimable(count);
        var claimed = _producer.Claimed;
        var first = claimed + 1;
        var wanted = Math.Min(count, Capacity - (int)(first & _mask));
        var free = _producer.Gate + Capacity - claimed;
        if (free < wanted)
        {
            _producer.Gate = MinimumGating(claimed);
            free = _producer.Gate + Capacity - claimed;
            if (free <= 0)
            {
                range = default;
                return false;
            }
        }

        range = new SequenceRange(first, (int)Math.Min(wanted, free));

        // Pairs with the read in Claimed.
        Volatile.Write(ref _producer.Claimed, range.Last);
        return true;
    }

    public override void Publish(SequenceRange range)
    {
        var published = Cursor.Value;
        if (range.First != published + 1 || range.Count < 1 || range.Last > _producer.Claimed)
            ThrowNotClaimed(range, _producer.Claimed);

        Cursor.SetRelease(range.Last);
        SignalPublished(range.Last);
    }

    public override long HighestPublished(long first) => Math.Max(first - 1, Cursor.Value);

    public override bool IsPublished(long sequence)
    {
        var published = Cursor.Value;
        return sequence >= 0 && sequence <= published && sequence > published - Capacity;
    }

    /// <summary>What the producer alone writes, away from what others read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = (2 * Sequence.PaddingBytes) + (2 * sizeof(long)))]
    private struct ProducerState
    {
        [FieldOffset(Sequence.PaddingBytes)]
        public long Claimed;

        /// <summary>The slowest gate when last looked at: gates only grow, so it never permits too much.</summary>
        [FieldOffset(Sequence.PaddingBytes + sizeof(long))]
        public long Gate;
    }
}
