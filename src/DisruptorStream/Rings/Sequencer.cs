using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Rings;

/// <summary>Hands out the sequences of a ring to its producers and says which of them consumers may read.</summary>
/// <remarks>
/// A claim must be published, also when its producer fails half way (with slots that say so):
/// what follows it stays invisible until then. The gating sequences are those of the last consumers; without any the
/// ring never fills. Gating sequences may be added and removed by any thread, and barriers made before a consumer runs.
/// </remarks>
internal abstract class Sequencer
{
    private const int LargestCapacity = 1 << 30;

    private readonly WaitStrategy _published;
    private readonly WaitStrategy _consumed;
    private readonly Sequence _wakeUpAt = new();
    private Sequence[] _gating = [];
    private bool _hasConsumersBehind;
    private int _consumersOfTheCursor;

    /// <param name="capacity">Slots: a power of two, at most 2^30.</param>
    /// <param name="published">Signalled by producers; consumers that follow the cursor wait here.</param>
    /// <param name="consumed">Signalled by consumers; producers and the consumers behind others wait here.</param>
    /// <param name="fault">The fault of the pipeline.</param>
    /// <param name="first">The first sequence that is handed out, 0 or more.</param>
    protected Sequencer(
        int capacity, WaitStrategy published, WaitStrategy consumed, RingFault fault, long first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (!BitOperations.IsPow2(capacity) || capacity > LargestCapacity)
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, $"Choose a power of two from 1 to {LargestCapacity}.");
        }

        Capacity = capacity;
        Cursor = new Sequence(first - 1);
        Fault = fault;
        _published = published;
        _consumed = consumed;
        fault.Register(WakeAll);
    }

    public int Capacity { get; }

    public RingFault Fault { get; }

    /// <summary>
    /// How many slots have to be free before <see cref="SignalProgress"/> wakes a producer that sleeps until there is
    /// room.
    /// </summary>
    public int WakeUpRoom { get; init; } = 1;

    /// <summary>
    /// The last sequence published (one producer) or claimed (several): see <see cref="HighestPublished"/>.
    /// </summary>
    public Sequence Cursor { get; }

    /// <summary>Slots that can be claimed right now; exact only while nobody else moves.</summary>
    public long RemainingCapacity
    {
        get
        {
            // The gate first: it only grows, so the difference is never too large.
            var gate = MinimumGating(long.MaxValue);
            return gate == long.MaxValue ? Capacity : Math.Clamp(gate + Capacity - Claimed, 0, Capacity);
        }
    }

    /// <summary>The last sequence that every gate has passed; the last claimed where there is no gate.</summary>
    public long Consumed
    {
        get
        {
            var claimed = Claimed;
            return Math.Min(claimed, MinimumGating(claimed));
        }
    }

    /// <summary>The last sequence claimed; the one before the first at the beginning. Any thread.</summary>
    public long LastClaimed => Claimed;

    /// <summary>
    /// Whether one consumer at most follows the cursor, so that <see cref="WakeConsumerAt"/> is its own.
    /// </summary>
    // Pairs with the increment in NewBarrier.
    public bool HasOneConsumer => Volatile.Read(ref _consumersOfTheCursor) <= 1;

    /// <summary>The last sequence claimed.</summary>
    protected abstract long Claimed { get; }

    /// <summary>Holds the producers back to the pace of these sequences, which move up to the cursor first.</summary>
    public void AddGatingSequences(params ReadOnlySpan<Sequence> sequences)
    {
        MoveUpToCursor(sequences);
        Sequence[] current, extended;
        do
        {
            current = Volatile.Read(ref _gating);
            extended = [.. current, .. sequences];
        }
        while (Interlocked.CompareExchange(ref _gating, extended, current) != current);

        // What was published before the producers saw the new gates may be overwritten already: start behind it.
        MoveUpToCursor(sequences);
    }

    /// <summary>Stops holding the producers back for this sequence, and wakes them.</summary>
    public void RemoveGatingSequence(Sequence sequence)
    {
        Sequence[] current, reduced;
        do
        {
            current = Volatile.Read(ref _gating);
            reduced = Array.FindAll(current, gate => gate != sequence);
        }
        while (Interlocked.CompareExchange(ref _gating, reduced, current) != current);

        SignalSpace();
    }

    /// <summary>
    /// Claims 1 to <paramref name="count"/> contiguous sequences: fewer where the ring wraps and when fewer are free.
    /// </summary>
    /// <returns>False when the ring is full.</returns>
    public abstract bool TryClaim(int count, out SequenceRange range);

    /// <summary>Makes the slots of a claim visible, and wakes consumers.</summary>
    public abstract void Publish(SequenceRange range);

    /// <summary>
    /// The highest sequence up to which all from <paramref name="first"/> on are published, or first - 1.
    /// </summary>
    /// <param name="first">The next sequence to consume.</param>
    public abstract long HighestPublished(long first);

    /// <summary>Whether the slot holds this sequence; false also when a later one has replaced it.</summary>
    public abstract bool IsPublished(long sequence);

    /// <summary>As <see cref="TryClaim"/>, but waits while the ring is full.</summary>
    public SequenceRange Claim(int count, CancellationToken cancellationToken = default)
    {
        SequenceRange range;
        while (!TryClaim(count, out range))
            WaitForSpace(Timeout.Infinite, cancellationToken);

        return range;
    }

    /// <summary>
    /// Returns true once at least one slot is free, false when the time is up first. Throws the fault.
    /// </summary>
    public bool WaitForSpace(int timeoutMilliseconds, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Fault.ThrowIfFaulted();
        if (RemainingCapacity > 0)
            return true;

        var condition = SpaceCondition.Rent(this, cancellationToken);
        try
        {
            using (cancellationToken.UnsafeRegister(
                static sequencer => ((Sequencer)sequencer!)._consumed.Signal(), this))
            {
                _consumed.Wait(condition, timeoutMilliseconds);
            }
        }
        finally
        {
            condition.Return();
        }

        Fault.ThrowIfFaulted();
        if (RemainingCapacity > 0)
            return true;

        cancellationToken.ThrowIfCancellationRequested();
        return false;
    }

    /// <summary>
    /// Lets events gather: producers wake the consumer that sleeps at the cursor for this sequence or a later one, and
    /// not before. Of no use, and not to be called, where several consumers follow the cursor.
    /// </summary>
    public void WakeConsumerAt(long sequence) => _wakeUpAt.SetRelease(sequence);

    /// <summary>A barrier behind these consumers, or behind the cursor when there are none.</summary>
    public SequenceBarrier NewBarrier(params ReadOnlySpan<Sequence> dependents)
    {
        if (dependents.IsEmpty)
        {
            Interlocked.Increment(ref _consumersOfTheCursor);
            return new SequenceBarrier(this, _published, dependents);
        }

        // Pairs with the read in SignalProgress: set before the barrier that it speaks of can wait.
        Volatile.Write(ref _hasConsumersBehind, true);
        return new SequenceBarrier(this, _consumed, dependents);
    }

    /// <summary>
    /// Wakes producers and the consumers behind: a consumer calls it after it has advanced its sequence, when it will
    /// wait, or has ended.
    /// </summary>
    public void SignalSpace() => _consumed.Signal();

    /// <summary>
    /// As <see cref="SignalSpace"/> for a consumer that goes on at once: producers sleep on until
    /// <see cref="WakeUpRoom"/> slots are free. Who is woken for each batch takes the processor from the consumer.
    /// </summary>
    public void SignalProgress()
    {
        // Producers and consumers behind sleep in the same place, and any progress may be what the latter wait for.
        if (_consumed.MayBeAwaited
            && (RemainingCapacity >= WakeUpRoom || Volatile.Read(ref _hasConsumersBehind)))
        {
            _consumed.Signal();
        }
    }

    /// <summary>Wakes who sleeps at the cursor, unless it waits for more than what was published.</summary>
    /// <param name="last">The last sequence of what was published.</param>
    protected void SignalPublished(long last)
    {
        // Pairs with the increment in NewBarrier: where nobody follows the cursor, nobody sleeps there.
        if (Volatile.Read(ref _consumersOfTheCursor) > 0 && _published.MayBeAwaited && last >= _wakeUpAt.Value)
            _published.Signal();
    }

    /// <summary>The slowest gate, or <paramref name="ungated"/> when there is none.</summary>
    protected long MinimumGating(long ungated)
    {
        // Pairs with the exchanges in AddGatingSequences and RemoveGatingSequence.
        var gating = Volatile.Read(ref _gating);
        while (true)
        {
            var minimum = long.MaxValue;
            foreach (var gate in gating)
                minimum = Math.Min(minimum, gate.Value);

            // A gate added while the others were read starts behind the cursor of that moment, maybe before this
            // minimum.
            var current = Volatile.Read(ref _gating);
            if (current == gating)
                return gating.Length == 0 ? ungated : minimum;

            gating = current;
        }
    }

    protected void ThrowUnlessClaimable(int count)
    {
        if (count < 1)
            ThrowCount(count);

        Fault.ThrowIfFaulted();
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    protected static void ThrowNotClaimed(SequenceRange range, long claimed) =>
        throw new InvalidOperationException(
            $"Sequences {range.First} to {range.Last} cannot be published, with claims up to {claimed}: publish each " +
            "claim once and whole, and those of a single producer in their order.");

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowCount(int count) =>
        throw new ArgumentOutOfRangeException(nameof(count), count, "Claim at least one sequence.");

    private void MoveUpToCursor(ReadOnlySpan<Sequence> sequences)
    {
        var cursor = Cursor.Value;
        foreach (var sequence in sequences)
        {
            if (sequence.Value < cursor)
                sequence.SetRelease(cursor);
        }
    }

    private void WakeAll()
    {
        _published.Signal();
        _consumed.Signal();
    }

    /// <summary>What one producer waits for. One per thread, as a thread waits for one thing at a time.</summary>
    private sealed class SpaceCondition : IWaitCondition
    {
        [ThreadStatic]
        private static SpaceCondition? _ofThisThread;

        private Sequencer? _sequencer;
        private CancellationToken _cancellationToken;

        public bool IsMet =>
            _sequencer!.RemainingCapacity > 0
            || _sequencer.Fault.IsFaulted
            || _cancellationToken.IsCancellationRequested;

        public static SpaceCondition Rent(Sequencer sequencer, CancellationToken cancellationToken)
        {
            var condition = _ofThisThread ??= new SpaceCondition();
            condition._sequencer = sequencer;
            condition._cancellationToken = cancellationToken;
            return condition;
        }

        public void Return()
        {
            _sequencer = null;
            _cancellationToken = default;
        }
    }
}
