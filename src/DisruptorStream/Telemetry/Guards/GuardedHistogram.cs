using System.Diagnostics.Metrics;

namespace DisruptorStream.Telemetry.Guards;

/// <summary>A histogram of one processor, whose listeners may throw.</summary>
/// <remarks>Recording runs their callbacks on the calling thread, which is an engine's.</remarks>
internal sealed class GuardedHistogram<T>
    where T : struct
{
    private readonly Histogram<T>? _histogram;
    private readonly KeyValuePair<string, object?> _tag;
    private readonly HostFailures _failures;

    /// <param name="histogram">The instrument; null where none could be made.</param>
    /// <param name="tag">The processor.</param>
    /// <param name="failures">Counts what listeners throw.</param>
    public GuardedHistogram(Histogram<T>? histogram, KeyValuePair<string, object?> tag, HostFailures failures)
    {
        _histogram = histogram;
        _tag = tag;
        _failures = failures;
    }

    /// <summary>Whether somebody listens.</summary>
    public bool Enabled => _histogram is { Enabled: true };

    /// <summary>Records a measurement, if somebody listens.</summary>
    public void Record(T value)
    {
        if (!Enabled)
            return;
        try
        {
            _histogram!.Record(value, _tag);
        }
        catch (Exception)
        {
            _failures.Note();
        }
    }
}
