using System.Diagnostics.Metrics;

namespace DisruptorStream.Telemetry;

/// <summary>
/// Records the size of every sixteenth batch, so that its cost does not show where batches are small.
/// </summary>
/// <remarks>The thread that handles the batches owns it.</remarks>
internal sealed class BatchMeter
{
    /// <summary>One batch in so many is recorded.</summary>
    public const int Stride = 16;

    private readonly Histogram<long> _histogram;
    private readonly KeyValuePair<string, object?> _tag;
    private int _seen;

    public BatchMeter(Histogram<long> histogram, KeyValuePair<string, object?> tag)
    {
        _histogram = histogram;
        _tag = tag;
    }

    public void OnBatch(int count)
    {
        if (++_seen % Stride == 0 && _histogram.Enabled)
            _histogram.Record(count, _tag);
    }
}
