using DisruptorStream.Emission;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>Digests counts, labelled with the end of the window, or with its start.</summary>
internal sealed class CountSink : QuerySink
{
    private readonly ResultDigest _digest;
    private readonly bool _byStart;

    public CountSink(ResultDigest digest, bool byStart)
    {
        _digest = digest;
        _byStart = byStart;
    }

    public override void OnResults(ResultBatch<int> batch)
    {
        foreach (var result in batch)
        {
            var window = result.Window;
            var label = (_byStart ? window.StartTicks : window.EndTicks) / TimeSpan.TicksPerMillisecond;
            _digest.AddCount(label, result.Key, result.GetInt64(0));
        }
    }
}
