using System.Runtime.CompilerServices;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>
/// A hand-written loop for one workload, on one thread: what the machine can do where there is no engine at all.
/// </summary>
/// <remarks>Input in order and dense keys are assumed; only the ends of a batch are looked at for windows.</remarks>
internal abstract class Limit : IDisposable
{
    private long _end = long.MinValue;

    protected Limit(long sizeMilliseconds)
        : this(new ResultDigest()) => Size = sizeMilliseconds;

    protected Limit(ResultDigest digest) => Digest = digest;

    public ResultDigest Digest { get; }

    protected long Size { get; }

    /// <summary>The end of the open window.</summary>
    protected long End => _end;

    /// <summary>Takes in-order events, run by run of one window.</summary>
    public virtual void Process(ReadOnlySpan<InputEvent> events)
    {
        while (events.Length > 0)
        {
            if (events[0].Milliseconds >= _end)
                Roll(events[0].Milliseconds);
            var run = events[^1].Milliseconds < _end ? events.Length : LowerBound(events, _end);
            Run(events[..run]);
            events = events[run..];
        }
    }

    /// <summary>Closes what is open.</summary>
    public virtual void Finish() => Close();

    public virtual void Dispose()
    {
    }

    /// <summary>Events of the open window.</summary>
    protected abstract void Run(ReadOnlySpan<InputEvent> events);

    /// <summary>Emits the open window and forgets it.</summary>
    protected abstract void Close();

    protected void Roll(long milliseconds)
    {
        if (_end != long.MinValue)
            Close();
        _end = milliseconds - (milliseconds % Size) + Size;
    }

    private static int LowerBound(ReadOnlySpan<InputEvent> events, long end)
    {
        var (low, high) = (0, events.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (events[middle].Milliseconds < end)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Count, sum, smallest and largest.</summary>
    protected internal struct Moments
    {
        public long Count;
        public double Sum;
        public double Min;
        public double Max;

        public static Moments Empty => new() { Min = double.PositiveInfinity, Max = double.NegativeInfinity };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(double value)
        {
            Count++;
            Sum += value;
            Min = double.MinNative(value, Min);
            Max = double.MaxNative(value, Max);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Merge(in Moments other)
        {
            Count += other.Count;
            Sum += other.Sum;
            Min = double.MinNative(other.Min, Min);
            Max = double.MaxNative(other.Max, Max);
        }

        public readonly void Emit(ResultDigest digest, long label, int key)
        {
            if (Count > 0)
                digest.Add(label, key, Count, Sum, Min, Max);
        }
    }
}
