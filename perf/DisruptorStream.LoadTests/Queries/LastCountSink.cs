using DisruptorStream.Emission;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>Keeps the newest count of each window and key: late events make a window come again.</summary>
internal sealed class LastCountSink : QuerySink
{
    private readonly Dictionary<(long EndTicks, int Key), long> _counts = [];
    private readonly ResultDigest _digest;

    public LastCountSink(ResultDigest digest) => _digest = digest;

    public override void OnResults(ResultBatch<int> batch)
    {
        foreach (var result in batch)
            _counts[(result.Window.EndTicks, result.Key)] = result.GetInt64(0);
    }

    public override void Finish()
    {
        foreach (var (window, count) in _counts)
            _digest.AddCount(window.EndTicks / TimeSpan.TicksPerMillisecond, window.Key, count);
    }
}
