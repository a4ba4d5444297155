using DisruptorStream.Building.Reporting;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Building.Instruments;

/// <summary>Ties a processor to the instruments of its meter, until it is disposed.</summary>
internal sealed class Metering<TKey> : IMeteredProcessor, IDisposable
    where TKey : notnull, IEquatable<TKey>
{
    private readonly ProcessorParts<TKey> _parts;
    private readonly MeterInstruments _instruments;

    private Metering(ProcessorParts<TKey> parts, MeterInstruments instruments)
    {
        _parts = parts;
        _instruments = instruments;
        Tag = new KeyValuePair<string, object?>(MeterInstruments.ProcessorTag, parts.Definition.Name);
    }

    public KeyValuePair<string, object?> Tag { get; }

    public IReadOnlyList<StageClock> Stages => _parts.Meters.Stages;

    /// <summary>Ties a processor to its meter; null where it has none. Before its first event.</summary>
    public static Metering<TKey>? Attach(ProcessorParts<TKey> parts)
    {
        if (parts.Definition.MeterFactory is not { } factory)
            return null;
        var metering = new Metering<TKey>(parts, MeterInstruments.Of(factory));
        metering._instruments.Add(metering);
        parts.Meters.Latency?.Attach(metering._instruments.ResultLatency, metering.Tag);
        parts.Assignment.Meter = new BatchMeter(metering._instruments.BatchSize, metering.Tag);
        return metering;
    }

    public ProcessorStats Stats() => Snapshot.StatsOf(_parts);

    public void Dispose() => _instruments.Remove(this);
}
