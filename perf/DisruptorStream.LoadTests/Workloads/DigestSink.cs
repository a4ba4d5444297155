using DisruptorStream.Emission;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>The digest of what the engine emits, label for label as the limits have it.</summary>
internal sealed class DigestSink : IResultSink<int>
{
    private readonly bool _isSession;
    private readonly MetricSet _metrics;

    public DigestSink(Workload work)
    {
        _isSession = work.IsSession;
        _metrics = work.Metrics;
    }

    public ResultDigest Digest { get; private set; } = new();

    /// <summary>Keeps the percentiles as well, to be compared one by one.</summary>
    public Dictionary<(long Label, int Key), double[]>? Kept { get; init; }

    /// <summary>Forgets what has come so far.</summary>
    public void StartOver()
    {
        Digest = new ResultDigest();
        Kept?.Clear();
    }

    public void OnResults(ResultBatch<int> batch)
    {
        foreach (var result in batch)
        {
            var window = result.Window;
            var label = (_isSession ? window.StartTicks : window.EndTicks) / TimeSpan.TicksPerMillisecond;
            var values = result.RawValues;
            if (_metrics == MetricSet.Moments)
            {
                Digest.Add(
                    label, result.Key, values[0], AsDouble(values[1]), AsDouble(values[2]), AsDouble(values[3]));
                continue;
            }

            Digest.AddBits(label, result.Key, values);
            Kept?.Add((label, result.Key), Array.ConvertAll(values.ToArray(), AsDouble));
        }
    }

    private static double AsDouble(long bits) => BitConverter.Int64BitsToDouble(bits);
}
