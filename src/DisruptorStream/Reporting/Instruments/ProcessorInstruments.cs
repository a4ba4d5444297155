using System.Diagnostics.Metrics;
using DisruptorStream.Telemetry;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Reporting.Instruments;

/// <summary>The instruments of one processor, made before it.</summary>
internal sealed class ProcessorInstruments
{
    private ProcessorInstruments(MeterInstruments ofMeter, string name, HostFailures failures)
    {
        OfMeter = ofMeter;
        Tag = new KeyValuePair<string, object?>(MeterInstruments.ProcessorTag, name);
        Histograms = new ProcessorHistograms(
            new GuardedHistogram<double>(ofMeter.ResultLatency, Tag, failures),
            new GuardedHistogram<long>(ofMeter.BatchSize, Tag, failures),
            new GuardedHistogram<double>(ofMeter.SyncTime, Tag, failures));
    }

    /// <summary>The instruments that all processors of the meter share.</summary>
    public MeterInstruments OfMeter { get; }

    /// <summary>The processor's name, as a tag.</summary>
    public KeyValuePair<string, object?> Tag { get; }

    /// <summary>What is recorded while events flow.</summary>
    public ProcessorHistograms Histograms { get; }

    /// <summary>Those of a processor; null where it has no meter.</summary>
    /// <param name="factory">Makes the meter; null for none.</param>
    /// <param name="name">The processor's own name.</param>
    /// <param name="failures">Counts what listeners throw.</param>
    /// <exception cref="ArgumentException">The factory returned null.</exception>
    public static ProcessorInstruments? Of(IMeterFactory? factory, string name, HostFailures failures) =>
        factory is null ? null : new ProcessorInstruments(MeterInstruments.Of(factory, failures), name, failures);
}
