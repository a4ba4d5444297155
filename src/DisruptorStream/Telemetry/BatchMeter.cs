using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Telemetry;

/// <summary>
/// Records the size of every sixteenth batch, so that its cost does not show where batches are small.
/// </summary>
/// <remarks>The thread that handles the batches owns it.</remarks>
internal sealed class BatchMeter
{
    /// <summary>One batch of this many is recorded.</summary>
    public const int Stride = 16;

    private readonly GuardedHistogram<long> _histogram;
    private int _seen;

    /// <param name="histogram">Where the sizes go.</param>
    public BatchMeter(GuardedHistogram<long> histogram) => _histogram = histogram;

    /// <summary>A batch was handled.</summary>
    /// <param name="count">Its slots.</param>
    public void OnBatch(int count)
    {
        if (++_seen % Stride == 0)
            _histogram.Record(count);
    }
}
