using System.Globalization;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Watermarks.History;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DisruptorStream.Hosting.Health;

/// <summary>Judges a processor by its figures, and by how they changed since it was last asked.</summary>
internal sealed class ProcessorHealth
{
    // The time between two events of a stream that is none too slow.
    private static readonly TimeSpan LeastQuiet = TimeSpan.FromSeconds(1);

    private readonly HostedProcessor _processor;
    private readonly ProcessorHealthOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly WatermarkProgress _progress;
    private readonly RecentFigures _recent;
    private readonly Dictionary<string, RecentFigures> _ofQueries = new(StringComparer.Ordinal);

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
        if (_processor.IsRecovering)
            return RecoveryHealth.Check(_processor, failureStatus);
        lock (_gate)
        {
            var stats = _processor.GetStats();
            var now = _timeProvider.GetElapsedTime(_start);
            _recent.Observe(stats, now);
            foreach (var (name, query) in stats.Queries)
                RecentOf(name).Observe(query, now);
            var standsFor = _progress.Observe(stats, now);
            var answer = _processor.WhyNoResult();
            var data = Describe(stats, answer);
            List<string> failures = [.. Failures(stats)];
            List<string> warnings = stats.State == ProcessorState.Running
                ? [.. Warnings(stats, standsFor, answer)]
                : [];
            if (failures.Count == 0 && warnings.Count == 0)
                return HealthCheckResult.Healthy($"Processor '{stats.Name}' keeps up{WaitOf(answer)}.", data);
            var text = $"Processor '{stats.Name}': {string.Join("; ", [.. failures, .. warnings])}.";
            return failures.Count > 0
                ? new HealthCheckResult(failureStatus, text, _processor.Failure, data)
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
                _ => FailureText.Of(_processor.Failure),
            };
            yield break;
        }

        if (stats.Durability?.JournalFailure is { } journal)
            yield return $"its journal has failed: {journal.TrimEnd('.')}";
        foreach (var part in PartsOf(stats))
        {
            if (part.Stats.ConsecutiveSinkFailures < _options.SinkFailureLimit)
                continue;
            var (times, last) = (part.Stats.ConsecutiveSinkFailures, part.Stats.LastSinkFailure);
            yield return Text($"{part.Prefix}a sink failed {times} times in a row, last at {last:O}");
        }
    }

    /// <summary>What is worth a look while it works.</summary>
    private IEnumerable<string> Warnings(ProcessorStats stats, TimeSpan standsFor, NoResultAnswer answer)
    {
        foreach (var part in PartsOf(stats))
        {
            foreach (var warning in Warnings(part, AnswerOf(answer, part)))
                yield return warning;
        }

        foreach (var warning in DurabilityHealth.WarningsOf(stats.Durability))
            yield return warning;
        foreach (var warning in FlightRecorderHealth.WarningsOf(stats.FlightRecorder))
            yield return warning;
        foreach (var warning in SourceHealth.WarningsOf(stats.Readers))
            yield return warning;
        if (stats.LatencyP99 > _options.LatencyLimit)
        {
            var milliseconds = stats.LatencyP99.Value.TotalMilliseconds;
            var most = _options.LatencyLimit.TotalMilliseconds;
            var behind = FurthestBehind(stats);
            yield return Text($"results take {milliseconds:0.#} ms at p99, more than {most:0.#} ms{behind}");
        }

        if (standsFor > _options.WatermarkStallLimit)
        {
            var source = stats.WatermarkHeldBy is { } name ? $"held by source '{name}'" : "held by no source";
            var jumps = stats.EventsHeld > 0 ? Text($", and the jump guard holds {stats.EventsHeld} events") : "";
            yield return Text($"events come, but the watermark has stood for {standsFor:c}, {source}{jumps}");
        }
    }

    /// <summary>What a processor, or one query of a stream, has lost or has too much of.</summary>
    private IEnumerable<string> Warnings(Part part, NoResultAnswer answer)
    {
        var (prefix, _, stats, recent) = part;
        if (recent.DropRate > _options.DropRateLimit)
        {
            var most = _options.DropRateLimit;
            yield return Text(
                $"{prefix}{recent.DropRate:P1} of the recent events were dropped, more than {most:P1}")
                + CulpritOf(answer);
        }

        var limit = (long)(_options.WindowsPerKeyLimit ?? stats.MaxWindowsPerKey) * Math.Max(stats.Keys, 1);
        if (stats.ActiveWindows > limit)
        {
            yield return Text(
                $"{prefix}{stats.ActiveWindows} windows are open for {stats.Keys} keys, more than {limit}");
        }

        if (recent.WindowsEvicted > 0)
        {
            var held = stats.MaxWindowsPerKey;
            yield return Text(
                $"{prefix}{recent.WindowsEvicted} windows were given up of late, because a key had {held}");
        }

        if (recent.EventsRefused > 0)
        {
            yield return Text(
                $"{prefix}{recent.EventsRefused} recent events were dropped because too many windows were open");
        }

        if (LatePaneFlood.IsOne(recent.LatePanes, recent.Events))
        {
            yield return Text(
                $"{prefix}{recent.LatePanes} panes of {recent.Events} recent events are late ones, which ")
                + "Late(count) or Late(delay) makes fewer";
        }

        if (recent.JumpsRefused > 0)
        {
            yield return Text(
                $"{prefix}{recent.JumpsRefused} recent events were dropped: they were far ahead of their sources");
        }
    }

    /// <summary>What a quiet stream waits for: no reason to degrade, but what who asks wants to know.</summary>
    private static string WaitOf(NoResultAnswer answer) =>
        answer.Reason == NoResultReason.WaitsForWatermark && answer.QuietFor >= LeastQuiet
            ? $"; {answer.Summary}"
            : "";

    private static NoResultAnswer AnswerOf(NoResultAnswer answer, Part part) =>
        part.Prefix.Length > 0 && answer.Queries.TryGetValue(part.Query, out var own) ? own : answer;

    /// <summary>The one event that ran so far ahead that most others came too late.</summary>
    private static string CulpritOf(NoResultAnswer answer) =>
        answer is { Culprit: { } culprit, ProposedGuard: { } guard }
            ? Text($", {culprit.EventsLate} of them after {culprit}, which a jump guard of {guard.Jump:c} would hold")
            : "";

    /// <summary>A processor is one part; a stream has one for each query.</summary>
    private IEnumerable<Part> PartsOf(ProcessorStats stats)
    {
        if (stats.Queries.Count == 0)
            yield return new Part("", "", stats, _recent);
        foreach (var (name, query) in stats.Queries)
            yield return new Part($"query '{name}': ", name, query, RecentOf(name));
    }

    private RecentFigures RecentOf(string query)
    {
        if (!_ofQueries.TryGetValue(query, out var recent))
            _ofQueries[query] = recent = new RecentFigures(_options);
        return recent;
    }

    /// <summary>Whose results wait most, where one query's do.</summary>
    private static string FurthestBehind(ProcessorStats stats)
    {
        var (behind, most) = ("", 0L);
        foreach (var (name, query) in stats.Queries)
        {
            if (WaitingOf(query) is var waiting && waiting > most)
                (behind, most) = (name, waiting);
        }

        return most == 0 ? "" : Text($"; furthest behind is query '{behind}', of which {most} results wait");
    }

    /// <summary>Results that have been fired and not been taken.</summary>
    private static long WaitingOf(ProcessorStats stats)
    {
        var waiting = stats.WindowsFired - stats.ResultsEmitted + stats.BufferedResults;
        foreach (var sink in stats.AsyncSinks)
            waiting += sink.ResultsQueued;
        return waiting;
    }

    private Dictionary<string, object> Describe(ProcessorStats stats, NoResultAnswer answer)
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
            ["latePanes"] = _recent.LatePanes,
            ["why"] = answer.Summary,
        };
        if (_recent.DropRate is { } rate)
            data["dropRate"] = rate;
        if (stats.LatencyP99 is { } latency)
            data["latencyP99Milliseconds"] = latency.TotalMilliseconds;
        if (stats.WatermarkHeldBy is { } source)
            data["watermarkHeldBy"] = source;
        DurabilityHealth.Describe(stats.Durability, data);
        FlightRecorderHealth.Describe(stats.FlightRecorder, data);
        SourceHealth.Describe(stats.Readers, data);
        foreach (var part in PartsOf(stats))
            SinkHealth.Describe(part.Query, part.Stats, data);
        foreach (var (name, query) in stats.Queries)
        {
            data[$"{name}.eventsDropped"] = query.EventsDropped;
            data[$"{name}.resultsWaiting"] = WaitingOf(query);
            if (RecentOf(name).DropRate is { } queryRate)
                data[$"{name}.dropRate"] = queryRate;
        }

        return data;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Part(string Prefix, string Query, ProcessorStats Stats, RecentFigures Recent);
}
