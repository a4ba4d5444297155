using DisruptorStream.Emission;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>The digest of what the engine emits, label for label as the limits have it.</summary>
internal sealed class DigestSink : IResultSink<int>
{
    private readonly bool _isSession;
    private readonly bool _percentiles;

    public DigestSink(Workload work)
    {
        _isSession = work.IsSession;
        _percentiles = work.Percentiles;
    }

    public ResultDigest Digest { get; } = new();

    /// <summary>Keeps the percentiles as well, to be compared one by one.</summary>
    public Dictionary<(long Label, int Key), (double P50, double P95, double P99)>? Kept { get; init; }

    public void OnResults(ResultBatch<int> batch)
    {
        foreach (var result in batch)
        {
            var window = result.Window;
            var label = (_isSession ? window.StartTicks : window.EndTicks) / TimeSpan.TicksPerMillisecond;
            var values = result.RawValues;
            var (a, b, c) = (AsDouble(values[0]), AsDouble(values[1]), AsDouble(values[2]));
            if (!_percentiles)
            {
                Digest.Add(label, result.Key, values[0], b, c, AsDouble(values[3]));
                continue;
            }

            Digest.AddPercentiles(label, result.Key, a, b, c);
            Kept?.Add((label, result.Key), (a, b, c));
        }
    }

    private static double AsDouble(long bits) => BitConverter.Int64BitsToDouble(bits);
}
