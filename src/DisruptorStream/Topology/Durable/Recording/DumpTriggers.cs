using DisruptorStream.Durability.Recording;
using DisruptorStream.Events;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>Looks once a second whether a recording is to be dumped.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class DumpTriggers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly FlightRecorderOptions _options;
    private readonly ProcessorParts _parts;
    private readonly TimeProvider _clock;
    private long _lastTimestamp;
    private long _dropped;

    /// <param name="options">What dumps it.</param>
    /// <param name="parts">The processor.</param>
    public DumpTriggers(FlightRecorderOptions options, ProcessorParts parts)
    {
        _options = options;
        _parts = parts;
        _clock = parts.Services.TimeProvider;
        _lastTimestamp = _clock.GetTimestamp();
    }

    /// <summary>Why it is to be dumped; null where it is not, or it is too early to look again.</summary>
    public DumpCause? Look()
    {
        if (_options is { OnDrops: null, OnLatency: null } || _clock.GetElapsedTime(_lastTimestamp) < Interval)
            return null;
        _lastTimestamp = _clock.GetTimestamp();
        return HasDropped() ? DumpCause.Drops : IsSlow() ? DumpCause.Latency : null;
    }

    private bool HasDropped()
    {
        if (_options.OnDrops is not { } most)
            return false;
        var before = _dropped;
        _dropped = DroppedByNow();
        return _dropped - before >= most;
    }

    private bool IsSlow() => _options.OnLatency is { } most
        && _parts.Meters.Latency?.Recent() is { } recent && recent.P99 >= most;

    /// <summary>Of a stream, the drops of each query count.</summary>
    private long DroppedByNow()
    {
        var count = 0L;
        foreach (var query in _parts.Queries)
        {
            var assigned = query.Assignment.Counters.Read();
            for (var reason = 0; reason < DropCounts.Reasons; reason++)
                count += assigned.Dropped[reason];
            foreach (var stage in query.Stages)
            {
                var figures = stage.Context.Counters.Read();
                for (var reason = 0; reason < DropCounts.Reasons; reason++)
                    count += figures.Dropped[reason];
            }
        }

        return count;
    }
}
