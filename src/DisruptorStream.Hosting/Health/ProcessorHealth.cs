using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DisruptorStream.Hosting.Health;

/// <summary>Judges a processor by its figures, and by how they changed since it was last asked.</summary>
internal sealed class ProcessorHealth
{
    private readonly HostedProcessor _processor;
    private readonly ProcessorHealthOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly WatermarkProgress _progress;
    private readonly RecentFigures _recent;

    public ProcessorHealth(HostedProcessor processor, ProcessorHealthOptions options, TimeProvider timeProvider)
    {
        _processor = processor;
        _options = options;
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
        _progress = new WatermarkProgress();
        _recent = new RecentFigures(options);
    }

    public HealthCheckResult Check(HealthStatus failureStatus)
    {
        lock (_gate)
        {
            var stats = _processor.GetStats();
            var now = _timeProvider.GetElapsedTime(_start);
            _recent.Observe(stats, now);
            var standsFor = _progress.Observe(stats, now);
            var data = Describe(stats);
            List<string> failures = [.. Failures(stats)];
            List<string> warnings = stats.State == ProcessorState.Running ? [.. Warnings(stats, standsFor)] : [];
            if (failures.Count == 0 && warnings.Count == 0)
                return HealthCheckResult.Healthy($"Processor '{stats.Name}' keeps up.", data);
            var text = $"Processor '{stats.Name}': {string.Join("; ", [.. failures, .. warnings])}.";
            return failures.Count > 0
                ? new HealthCheckResult(failureStatus, text, _processor.Completion.Exception?.InnerException, data)
                : HealthCheckResult.Degraded(text, data: data);
        }
    }

    /// <summary>What keeps the processor from doing its work.</summary>
    private IEnumerable<string> Failures(ProcessorStats stats)
    {
        if (stats.State != ProcessorState.Running)
        {
            // Nothing else counts then: what its figures say is of the past, or not yet there.
            yield return stats.State switch
            {
                ProcessorState.Created => "it has not been started",
                ProcessorState.Stopping => "it is being stopped",
                ProcessorState.Stopped => "it was stopped",
                _ => FailureText.Of(_processor.Completion.Exception?.InnerException),
            };
            yield break;
        }

        if (stats.ConsecutiveSinkFailures >= _options.SinkFailureLimit)
        {
            yield return Text(
                $"a sink failed {stats.ConsecutiveSinkFailures} times in a row, last at {stats.LastSinkFailure:O}");
        }
    }

    /// <summary>What is worth a look while it works.</summary>
    private IEnumerable<string> Warnings(ProcessorStats stats, TimeSpan standsFor)
    {
        if (_recent.DropRate > _options.DropRateLimit)
        {
            yield return Text(
                $"{_recent.DropRate:P1} of the recent events were dropped, more than {_options.DropRateLimit:P1}");
        }

        var limit = (long)(_options.WindowsPerKeyLimit ?? stats.MaxWindowsPerKey) * Math.Max(stats.Keys, 1);
        if (stats.ActiveWindows > limit)
            yield return Text($"{stats.ActiveWindows} windows are open for {stats.Keys} keys, more than {limit}");
        if (_recent.WindowsEvicted > 0)
        {
            yield return Text(
                $"{_recent.WindowsEvicted} windows were given up of late, because a key had {stats.MaxWindowsPerKey}");
        }

        if (_recent.EventsRefused > 0)
            yield return Text($"{_recent.EventsRefused} recent events were dropped because too many windows were open");
        if (_recent.JumpsRefused > 0)
        {
            yield return Text(
                $"{_recent.JumpsRefused} recent events were dropped because they were far ahead of their sources");
        }

        if (stats.LatencyP99 > _options.LatencyLimit)
        {
            var milliseconds = stats.LatencyP99.Value.TotalMilliseconds;
            var most = _options.LatencyLimit.TotalMilliseconds;
            yield return Text($"results take {milliseconds:0.#} ms at p99, more than {most:0.#} ms");
        }

        if (standsFor > _options.WatermarkStallLimit)
        {
            var source = stats.WatermarkHeldBy is { } name ? $"held by source '{name}'" : "held by no source";
            var jumps = stats.EventsHeld > 0 ? Text($", and the jump guard holds {stats.EventsHeld} events") : "";
            yield return Text($"events come, but the watermark has stood for {standsFor:c}, {source}{jumps}");
        }
    }

    private Dictionary<string, object> Describe(ProcessorStats stats)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["state"] = stats.State.ToString(),
            ["activeWindows"] = stats.ActiveWindows,
            ["keys"] = stats.Keys,
            ["windowsEvicted"] = _recent.WindowsEvicted,
            ["eventsRefused"] = _recent.EventsRefused,
            ["eventsHeld"] = stats.EventsHeld,
            ["jumpsRefused"] = _recent.JumpsRefused,
            ["consecutiveSinkFailures"] = stats.ConsecutiveSinkFailures,
            ["ringBacklog"] = stats.RingBacklog,
        };
        if (_recent.DropRate is { } rate)
            data["dropRate"] = rate;
        if (stats.LatencyP99 is { } latency)
            data["latencyP99Milliseconds"] = latency.TotalMilliseconds;
        if (stats.WatermarkHeldBy is { } source)
            data["watermarkHeldBy"] = source;
        return data;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
