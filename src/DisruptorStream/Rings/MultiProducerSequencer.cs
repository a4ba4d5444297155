using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.Rings;

/// <summary>
/// The sequencer of a ring with several producers: one interlocked operation per claim, of whatever size.
/// </summary>
/// <remarks>
/// Any thread claims and publishes. The cursor counts claims; what is published is told by the lap number of each slot,
/// written and searched as vectors.
/// </remarks>
internal sealed class MultiProducerSequencer : Sequencer
{
    private readonly int[] _laps;
    private readonly int _mask;
    private readonly int _lapShift;
    private ProducersState _producers;

    /// <inheritdoc/>
    public MultiProducerSequencer(
        int capacity, WaitStrategy published, WaitStrategy consumed, RingFault fault, long first = 0)
        : base(capacity, published, consumed, fault, first)
    {
        _producers = new ProducersState { Gate = first - 1 };
        _mask = capacity - 1;
        _lapShift = BitOperations.Log2((uint)capacity);
        _laps = new int[capacity];
        _laps.AsSpan().Fill(-1);
    }

    protected override long Claimed => Cursor.Value;

    public override bool TryClaim(int count, out SequenceRange range)
    {
        ThrowUnlessClaimable(count);
        while (true)
        {
            // Pairs with the write below. An older value than the cursor read next only permits less.
            var gate = Volatile.Read(ref _producers.Gate);
            var claimed = Cursor.Value;
            var first = claimed + 1;
            var wanted = Math.Min(count, Capacity - (int)(first & _mask));
            var free = gate + Capacity - claimed;
            if (free < wanted)
            {
                gate = MinimumGating(claimed);
                Volatile.Write(ref _producers.Gate, gate);
                free = gate + Capacity - claimed;
                if (free <= 0)
                {
                    range = default;
                    return false;
                }
            }

            range = new SequenceRange(first, (int)Math.Min(wanted, free));
            if (Cursor.CompareExchange(claimed, range.Last))
                return true;
        }
    }

    public override void Publish(SequenceRange range)
    {
        var claimed = Cursor.Value;
        if (range.First < 0 || range.Count < 1 || range.Last > claimed)
            ThrowNotClaimed(range, claimed);

        // The slots before their lap numbers: pairs with the barrier in HighestPublished.
        Volatile.WriteBarrier();
        SetLaps((int)(range.First & _mask), range.Count, LapOf(range.First));
        SignalPublished(range.Last);
    }

    public override long HighestPublished(long first)
    {
        // Not by the cursor, which is the producers' own: each look at it would cost them their next claim.
        var next = first;
        var end = first + Capacity;
        while (next < end)
        {
            var index = (int)(next & _mask);
            var count = (int)Math.Min(end - next, Capacity - index);
            var published = _laps.AsSpan(index, count).IndexOfAnyExcept(LapOf(next));
            if (published >= 0)
            {
                next += published;
                break;
            }

            next += count;
        }

        // The lap numbers before the slots: pairs with the barrier in Publish.
        Volatile.ReadBarrier();
        return next - 1;
    }

    /// <summary>Pairs with the barrier in <see cref="Publish"/>.</summary>
    public override bool IsPublished(long sequence) =>
        sequence >= 0 && Volatile.Read(ref _laps[(int)(sequence & _mask)]) == LapOf(sequence);

    /// <summary>Writes each lap number once and never again.</summary>
    /// <remarks>
    /// <c>Span.Fill</c> writes some twice, and a thread may stand still in between for as long as a slice of the
    /// scheduler's takes: by then the slot may have been consumed and published again, and the second write would take
    /// it back for good.
    /// </remarks>
    private void SetLaps(int index, int count, int lap)
    {
        ref var first = ref _laps[index];
        var written = 0;
        for (; written <= count - Vector<int>.Count; written += Vector<int>.Count)
            new Vector<int>(lap).StoreUnsafe(ref first, (nuint)written);
        for (; written < count; written++)
            Unsafe.Add(ref first, written) = lap;
    }

    private int LapOf(long sequence) => (int)(sequence >> _lapShift);

    /// <summary>What producers write for each other, away from what is only read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = (2 * Sequence.PaddingBytes) + sizeof(long))]
    private struct ProducersState
    {
        /// <summary>The slowest gate when last looked at: gates only grow, so it never permits too much.</summary>
        [FieldOffset(Sequence.PaddingBytes)]
        public long Gate;
    }
}
