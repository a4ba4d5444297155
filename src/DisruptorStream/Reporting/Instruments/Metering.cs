using System.Runtime.CompilerServices;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology;

namespace DisruptorStream.Reporting.Instruments;

/// <summary>Ties a processor to the instruments of its meter, until it is disposed.</summary>
internal sealed class Metering : IMeteredProcessor, IDisposable
{
    private static readonly TimeSpan LongestShared = TimeSpan.FromMilliseconds(50);
    private static readonly ConditionalWeakTable<BatchMeter, Metering> OfProcessors = [];

    private readonly Lock _gate = new();
    private readonly ProcessorParts _parts;
    private readonly ProcessorInstruments _instruments;
    private SourceReaders? _readers;
    private ProcessorStats? _shared;
    private UInt128 _sharedWith;
    private long _sharedSince;

    private Metering(ProcessorParts parts, ProcessorInstruments instruments)
    {
        _parts = parts;
        _instruments = instruments;
    }

    public KeyValuePair<string, object?> Tag => _instruments.Tag;

    public IReadOnlyList<StageClock> Stages => _parts.Meters.Stages;

    /// <summary>Ties a processor to its meter; null where it has none. Before its first event.</summary>
    public static Metering? Of(ProcessorParts parts, ProcessorInstruments? instruments)
    {
        if (instruments is null)
            return null;
        var metering = new Metering(parts, instruments);

        // The meter must not hold a processor that was given up: what its stages hold, does.
        OfProcessors.Add(parts.Meters.Batches!, metering);
        instruments.OfMeter.Add(metering);
        return metering;
    }

    /// <remarks>
    /// Nobody says when a collection begins: an instrument that asks again does. So each sees a new snapshot each time,
    /// and those that ask after it, soon by the processor's clock, the same one; also where that clock stands.
    /// </remarks>
    public ProcessorStats Stats(int instrument)
    {
        lock (_gate)
        {
            var time = _parts.Services.TimeProvider;
            var bit = UInt128.One << instrument;
            if (_shared is null || (_sharedWith & bit) != 0 || time.GetElapsedTime(_sharedSince) > LongestShared)
                (_shared, _sharedWith, _sharedSince) = (Read(), 0, time.GetTimestamp());
            _sharedWith |= bit;
            return _shared;
        }
    }

    /// <summary>Tells of the sources that it reads by itself. Before they are started.</summary>
    public void Add(SourceReaders readers)
    {
        lock (_gate)
            _readers = readers;
    }

    public void Dispose() => _instruments.OfMeter.Remove(this);

    private ProcessorStats Read() => _readers is { } readers
        ? StatsReader.StatsOf(_parts) with { Readers = readers.Stats }
        : StatsReader.StatsOf(_parts);
}
