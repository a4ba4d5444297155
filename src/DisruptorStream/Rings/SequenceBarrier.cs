using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DisruptorStream.Rings;

/// <summary>Tells one consumer how far it may go: up to the producers, or up to the consumers before it.</summary>
/// <remarks>One thread at a time reads and waits; any thread alerts.</remarks>
internal sealed class SequenceBarrier : IWaitCondition
{
    private const int TinyBatchEvents = 4;
    private const int SmallBatchEvents = 128;
    private const int LargeBatchEvents = 256;

    // Where processors are dear, a consumer that is woken for each claim of a busy producer spends more on waking than
    // on working: it lets as much gather as comes in this time, and is woken for that.
    private const int FewestGathered = 1024;
    private const int LongestGatheringMilliseconds = 1;

    private static readonly long GatheringTicks = Stopwatch.Frequency / 5000;

    private readonly Sequencer _sequencer;
    private readonly WaitStrategy _waitStrategy;
    private readonly Sequence[] _dependents;
    private readonly bool _gathers;
    private bool _isAlerted;
    private int _isWoken;
    private ConsumerState _consumer = new() { Available = -1 };

    internal SequenceBarrier(Sequencer sequencer, WaitStrategy waitStrategy, ReadOnlySpan<Sequence> dependents)
    {
        _sequencer = sequencer;
        _waitStrategy = waitStrategy;
        _dependents = dependents.ToArray();
        _gathers = dependents.IsEmpty && waitStrategy.Gathers;
    }

    /// <summary>Pairs with the writes in <see cref="Alert"/> and <see cref="ClearAlert"/>.</summary>
    public bool IsAlerted => Volatile.Read(ref _isAlerted);

    bool IWaitCondition.IsMet =>
        _consumer.Available >= _consumer.Awaited
        || Refresh(_consumer.Next) >= _consumer.Awaited
        || IsAlerted
        || Volatile.Read(ref _isWoken) != 0
        || _sequencer.Fault.IsFaulted;

    /// <summary>The highest sequence that may be consumed, or sequence - 1 when there is none. Does not wait.</summary>
    /// <param name="sequence">The next sequence to consume; it never goes back.</param>
    public long Available(long sequence)
    {
        // The shared lines are read only when what was seen last time is used up.
        var available = _consumer.Available;
        return available >= sequence ? available : Refresh(sequence);
    }

    /// <summary>
    /// Returns true once the sequence may be consumed; false when the time is up, the barrier is alerted, somebody
    /// called <see cref="Wake"/>, or the pipeline has faulted with nothing left to consume.
    /// </summary>
    public bool Wait(long sequence, int timeoutMilliseconds = Timeout.Infinite)
    {
        if (IsAlerted)
            return false;

        if (Available(sequence) >= sequence)
            return true;

        _consumer.Next = sequence;
        if (!_gathers || timeoutMilliseconds != Timeout.Infinite || !TryGather(sequence))
        {
            _consumer.Awaited = sequence;
            _waitStrategy.Wait(this, timeoutMilliseconds);
        }

        // What woke it is seen to after the wait: a further call is for the next one.
        if (Volatile.Read(ref _isWoken) != 0)
            Interlocked.Exchange(ref _isWoken, 0);
        return !IsAlerted && Available(sequence) >= sequence;
    }

    /// <summary>Ends the current wait of the consumer, or the next one: there is something else to do.</summary>
    public void Wake()
    {
        // Pairs with the reads in IsMet and Wait.
        Interlocked.Exchange(ref _isWoken, 1);
        _waitStrategy.Signal();
    }

    /// <summary>
    /// Called after each batch: when the batches are small although events come fast, leaves the producers alone for up
    /// to two microseconds, since each look at their cursor costs them more than an event does.
    /// </summary>
    /// <param name="first">The first sequence of the batch.</param>
    /// <param name="last">The last sequence of the batch.</param>
    public void Pace(long first, long last)
    {
        var consumed = last - first + 1;
        if (consumed >= LargeBatchEvents)
        {
            _consumer.Pause = 0;
            return;
        }

        // So few mean that the consumer keeps up anyway, and a pause would only add latency. The pause shrinks slower
        // than it grows, for it shows itself in the size of the batches.
        if (consumed < TinyBatchEvents)
            _consumer.Pause -= (_consumer.Pause + 7) >> 3;
        else if (consumed < SmallBatchEvents)
            _consumer.Pause = Math.Min((_consumer.Pause << 1) + 1, _waitStrategy.LongestPause);

        if (_consumer.Pause > 0 && _consumer.Available <= last)
            Thread.SpinWait(_consumer.Pause);
    }

    /// <summary>Ends the current wait of the consumer and all later ones.</summary>
    public void Alert()
    {
        // Pairs with the read in IsAlerted.
        Volatile.Write(ref _isAlerted, true);
        _waitStrategy.Signal();
    }

    public void ClearAlert() => Volatile.Write(ref _isAlerted, false);

    /// <summary>
    /// Sleeps until as many events are there as came in a fifth of a millisecond lately, or a quarter of the ring, for
    /// about a millisecond at most; not where they come slowly. Returns whether there are any.
    /// </summary>
    private bool TryGather(long sequence)
    {
        if (!_sequencer.HasOneConsumer)
            return false;
        var now = Stopwatch.GetTimestamp();
        var elapsed = now - _consumer.GatheredTimestamp;
        var count = (long)((sequence - _consumer.GatheredSequence) * (double)GatheringTicks / Math.Max(1, elapsed));
        _consumer.GatheredTimestamp = now;
        _consumer.GatheredSequence = sequence;
        if (count < FewestGathered)
            return false;

        // The producers read it after the mark of who is parked.
        _consumer.Awaited = sequence + Math.Min(count, _sequencer.Capacity / 4) - 1;
        _sequencer.WakeConsumerAt(_consumer.Awaited);
        _waitStrategy.Park(this, LongestGatheringMilliseconds);
        _sequencer.WakeConsumerAt(-1);
        return Refresh(sequence) >= sequence;
    }

    private long Refresh(long sequence)
    {
        var available = _dependents.Length == 0
            ? _sequencer.HighestPublished(sequence)
            : MinimumOfDependents();
        if (available < sequence)
            return sequence - 1;

        _consumer.Available = available;
        return available;
    }

    private long MinimumOfDependents()
    {
        var minimum = long.MaxValue;
        foreach (var dependent in _dependents)
            minimum = Math.Min(minimum, dependent.Value);

        return minimum;
    }

    /// <summary>What the consumer alone writes, away from what others read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = (2 * Sequence.PaddingBytes) + (6 * sizeof(long)))]
    private struct ConsumerState
    {
        /// <summary>What was available when last looked at.</summary>
        [FieldOffset(Sequence.PaddingBytes)]
        public long Available;

        /// <summary>What has to be there for the wait to end.</summary>
        [FieldOffset(Sequence.PaddingBytes + sizeof(long))]
        public long Awaited;

        /// <summary>The next sequence to consume, as of the wait.</summary>
        [FieldOffset(Sequence.PaddingBytes + (3 * sizeof(long)))]
        public long Next;

        /// <summary>The next sequence to consume when events were last let to gather, or looked at for that.</summary>
        [FieldOffset(Sequence.PaddingBytes + (4 * sizeof(long)))]
        public long GatheredSequence;

        [FieldOffset(Sequence.PaddingBytes + (5 * sizeof(long)))]
        public long GatheredTimestamp;

        /// <summary>The current pause between batches, in iterations of <see cref="Thread.SpinWait"/>.</summary>
        [FieldOffset(Sequence.PaddingBytes + (2 * sizeof(long)))]
        public int Pause;
    }
}
