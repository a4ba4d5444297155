using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Telemetry;

/// <summary>The time from the publication of the slot that fired a result to the call of the sinks.</summary>
/// <remarks>
/// An emitting thread measures, once for each batch of results; any thread reads. Where the results of a batch were
/// fired by several slots, the oldest and the newest of them stand for the rest.
/// </remarks>
internal sealed class LatencyMeter
{
    private readonly TimeProvider _timeProvider;
    private readonly PublishStamps _stamps;
    private readonly RecentHistogram _recent;
    private readonly double _secondsPerUnit;
    private readonly GuardedHistogram<double>? _histogram;
    private readonly Lock _gate = new();

    /// <param name="timeProvider">The host's clock.</param>
    /// <param name="histogram">Records each measurement as well; null for none.</param>
    public LatencyMeter(TimeProvider timeProvider, GuardedHistogram<double>? histogram)
    {
        _histogram = histogram;
        _timeProvider = timeProvider;
        _stamps = new PublishStamps(timeProvider);
        _recent = new RecentHistogram(timeProvider.TimestampFrequency);
        _secondsPerUnit = 1.0 / timeProvider.TimestampFrequency;
    }

    public PublishStamps Stamps => _stamps;

    /// <summary>Called before a batch of results is delivered.</summary>
    /// <param name="firstSequence">The slot that fired the first of them.</param>
    /// <param name="lastSequence">The slot that fired the last of them.</param>
    /// <param name="count">How many results there are.</param>
    public void OnResults(long firstSequence, long lastSequence, int count)
    {
        var now = _timeProvider.GetTimestamp();
        var ofLast = firstSequence == lastSequence ? 0 : count / 2;

        // Queries may emit on threads of their own, and the histogram is written by one at a time.
        lock (_gate)
        {
            Measure(firstSequence, count - ofLast, now);
            if (ofLast > 0)
                Measure(lastSequence, ofLast, now);
        }
    }

    /// <summary>The percentiles of the last minute; null where there were no results.</summary>
    public RecentPercentiles? Recent() => _recent.Percentiles(_timeProvider.GetTimestamp());

    private void Measure(long sequence, int count, long now)
    {
        if (!_stamps.TryFind(sequence, out var published))
            return;
        _recent.Record(now - published, count, now);
        _histogram?.Record((now - published) * _secondsPerUnit);
    }
}
