using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>Exact percentiles: the values of each key, kept and sorted when the window closes.</summary>
internal sealed class SortingLimit : Limit
{
    private readonly double[][] _values;
    private readonly int[] _counts;

    public SortingLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
        _values = new double[work.Keys][];
        for (var key = 0; key < _values.Length; key++)
            _values[key] = new double[64];
        _counts = new int[work.Keys];
    }

    /// <summary>Called with the label, the key and the sorted values of each window, where it is set.</summary>
    public SortedHandler? OnSorted { get; init; }

    protected override void Run(ReadOnlySpan<InputEvent> events)
    {
        foreach (ref readonly var next in events)
        {
            ref var count = ref _counts[next.Key];
            ref var values = ref _values[next.Key];
            if (count == values.Length)
                Array.Resize(ref values, count * 2);
            values[count++] = next.Value;
        }
    }

    protected override void Close()
    {
        for (var key = 0; key < _values.Length; key++)
        {
            if (_counts[key] == 0)
                continue;
            var sorted = _values[key].AsSpan(0, _counts[key]);
            sorted.Sort();
            Digest.AddBits(End, key, [BitsAt(sorted, 0.5), BitsAt(sorted, 0.95), BitsAt(sorted, 0.99)]);
            OnSorted?.Invoke(End, key, sorted);
            _counts[key] = 0;
        }
    }

    /// <summary>Between the order statistics next to p · (n - 1), in proportion.</summary>
    internal static long BitsAt(ReadOnlySpan<double> sorted, double p)
    {
        var rank = p * (sorted.Length - 1);
        var low = (int)rank;
        var share = rank - low;
        return BitConverter.DoubleToInt64Bits(
            share > 0 ? sorted[low] + (share * (sorted[low + 1] - sorted[low])) : sorted[low]);
    }
}
