using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.Telemetry;

/// <summary>When slots were published: a ring of stamps beside the slots, which have no room for one.</summary>
/// <remarks>
/// Any thread stamps, and any looks stamps up. A stamp costs a look at the clock, so it is taken only for the first
/// claim after a pause: where claims come faster than one in four microseconds, more and more of them are passed over,
/// and each slot of the engine's own begins anew with every claim. Where two claims are stamped at once, one of the
/// stamps may not be found.
/// </remarks>
internal sealed class PublishStamps
{
    private const int Capacity = 2048;
    private const int Mask = Capacity - 1;
    private const long LongestStride = 1 << 20;
    private const double ShortestPauseSeconds = 4e-6;

    private readonly TimeProvider _timeProvider;
    private readonly long _shortestPause;
    private readonly Stamp[] _stamps = new Stamp[Capacity];
    private WriterState _writers;

    public PublishStamps(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _shortestPause = (long)(timeProvider.TimestampFrequency * ShortestPauseSeconds);
        _writers.Stride = 1;
        for (var index = 0; index < Capacity; index++)
            _stamps[index].Turn = -1;
    }

    /// <summary>Whether a claim is to be stamped. Does not throw, unlike the clock.</summary>
    // Pairs with the write in Take. A thread that sees an old value stamps once too often.
    public bool IsDue(long last) => last >= Volatile.Read(ref _writers.Next);

    /// <summary>Called right before a claim is published.</summary>
    public void OnPublish(long first, long last)
    {
        if (IsDue(last))
            Take(first, last);
    }

    /// <summary>Called before a slot of the engine's own is published: it is always stamped.</summary>
    public void OnControl(long sequence)
    {
        Volatile.Write(ref _writers.Stride, 1);
        Add(sequence, sequence, _timeProvider.GetTimestamp());
        Volatile.Write(ref _writers.Next, sequence + 1);
    }

    /// <summary>When the slot was published, in units of the clock's timestamp, if its claim was stamped.</summary>
    public bool TryFind(long sequence, out long timestamp)
    {
        // Pairs with the increment in Add.
        var written = Volatile.Read(ref _writers.Written);
        var (low, high) = (Math.Max(0, written - Capacity), written);
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            ref readonly var stamp = ref _stamps[middle & Mask];

            // Pairs with the last write in Add. A later turn has replaced the stamp: what is wanted lies behind it.
            var turn = Volatile.Read(in stamp.Turn);
            if (turn > middle || (turn == middle && stamp.Last < sequence))
                low = middle + 1;
            else
                high = middle;
        }

        timestamp = 0;
        return low < written && Covers(low, sequence, out timestamp);
    }

    private bool Covers(long position, long sequence, out long timestamp)
    {
        ref readonly var stamp = ref _stamps[position & Mask];
        timestamp = 0;

        // Pairs with the last write in Add: a stamp that is finished only from here on may show old fields below.
        if (Volatile.Read(in stamp.Turn) != position)
            return false;
        timestamp = stamp.Timestamp;
        var covers = stamp.First <= sequence && sequence <= stamp.Last;

        // What was read is of this turn if it still is: pairs with the first write in Add.
        Volatile.ReadBarrier();
        return covers && Volatile.Read(in stamp.Turn) == position;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Take(long first, long last)
    {
        var now = _timeProvider.GetTimestamp();
        var pause = now - _writers.LastTimestamp;
        var stride = Volatile.Read(ref _writers.Stride);
        if (pause < _shortestPause)
            stride = Math.Min(stride * 2, LongestStride);
        else if (pause > 4 * _shortestPause)
            stride = Math.Max(stride / 2, 1);
        _writers.LastTimestamp = now;
        _writers.Stride = stride;
        Add(first, last, now);

        // Pairs with the read in IsDue.
        Volatile.Write(ref _writers.Next, last + stride);
    }

    private void Add(long first, long last, long timestamp)
    {
        var turn = Interlocked.Increment(ref _writers.Written) - 1;
        ref var stamp = ref _stamps[turn & Mask];

        // No turn while it is being written: pairs with the barrier in Covers.
        Volatile.Write(ref stamp.Turn, long.MinValue);
        Volatile.WriteBarrier();
        stamp.First = first;
        stamp.Last = last;
        stamp.Timestamp = timestamp;
        Volatile.Write(ref stamp.Turn, turn);
    }

    private struct Stamp
    {
        public long Turn;
        public long First;
        public long Last;
        public long Timestamp;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WriterState
    {
        private readonly Padding _before;
        public long Next;
        public long Stride;
        public long LastTimestamp;
        public long Written;
        private readonly Padding _after;
    }
}
