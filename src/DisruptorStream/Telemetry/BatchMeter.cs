namespace DisruptorStream.Telemetry;

/// <summary>
/// Records the size of every sixteenth batch, so that its cost does not show where batches are small.
/// </summary>
/// <remarks>The thread that handles the batches owns it.</remarks>
internal sealed class BatchMeter
{
    /// <summary>One batch in so many is recorded.</summary>
    public const int Stride = 16;

    private readonly GuardedHistogram<long> _histogram;
    private int _seen;

    public BatchMeter(GuardedHistogram<long> histogram) => _histogram = histogram;

    public void OnBatch(int count)
    {
        if (++_seen % Stride == 0)
            _histogram.Record(count);
    }
}
