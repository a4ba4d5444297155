using System.Globalization;
using System.Text;
using DisruptorStream.Durability;
using DisruptorStream.Events;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Sources;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;

namespace DisruptorStream.Reporting;

/// <summary>Shows people what a processor has done: a line for each point, and none for what did not happen.</summary>
internal static class StatsText
{
    private const int MostSources = 8;

    public static string Of(ProcessorStats stats)
    {
        var text = new StringBuilder();
        var what = stats.Queries.Count > 0 ? "stream" : "processor";
        Add(text, what, $"{stats.Name}, {stats.State}, at {stats.Taken.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        Add(text, "events", $"{stats.EventsProcessed:N0} of {stats.EventsPublished:N0} handled");
        if (stats.EventsDiscarded > 0)
        {
            var by = stats.State == ProcessorState.Faulted ? "failure" : "abort";
            Add(text, "discarded", $"{stats.EventsDiscarded:N0} events, by the {by}");
        }

        if (stats.EventsHeld > 0)
            Add(text, "held", $"{stats.EventsHeld:N0} events far ahead of their sources, by the jump guard");
        if (stats.EventsDropped > 0)
            Add(text, "dropped", $"{stats.EventsDropped:N0}: {Reasons(stats)}");
        if (stats.WindowLimitDroppedAssignments > 0)
        {
            Add(
                text,
                "refused",
                $"{stats.WindowLimitDroppedAssignments:N0} pairs of an event and a window, at ",
                $"{stats.MaxWindowsPerKey:N0} windows for each key");
        }

        if (stats.EventsInNoWindow > 0)
            Add(text, "unwindowed", $"{stats.EventsInNoWindow:N0} events between the windows");
        if (stats.NegativeWeights > 0)
            Add(text, "left out", $"{stats.NegativeWeights:N0} weights below zero");
        Add(
            text,
            stats.CountedAs,
            $"{stats.ActiveWindows:N0} open of {stats.WindowsCreated:N0}, {stats.WindowsFired:N0} panes");
        if (stats.WindowsEvicted > 0)
            Add(text, "given up", $"{stats.WindowsEvicted:N0} windows, at {stats.MaxWindowsPerKey:N0} for each key");
        Add(text, "keys", $"{stats.Keys:N0}, {stats.StateBytes:N0} bytes of state");
        AddResults(text, stats);
        if (stats.LatencyP50 is { } p50)
            Add(text, "latency", $"p50 {Time(p50)}, p95 {Time(stats.LatencyP95)}, p99 {Time(stats.LatencyP99)}");
        Add(text, "watermark", $"{Watermark(stats)}");
        if (stats.LatePanes > 0)
            Add(text, "late panes", $"{stats.LatePanes:N0}, of events that came after their window's end");
        AddSources(text, stats);
        foreach (var reader in stats.Readers)
            AddReader(text, reader);
        AddLateness(text, stats);
        Add(
            text,
            "ring",
            $"{stats.RingBacklog:N0} of {stats.RingCapacity:N0} slots wait, publishers waited ",
            $"{Time(stats.BackPressureTime)}");
        AddRecording(text, stats);
        if (stats.UserFailures + stats.SinkFailures > 0)
            Add(text, "failures", $"{stats.UserFailures:N0} of user code, {stats.SinkFailures:N0} of sinks");
        foreach (var (name, query) in stats.Queries)
            AddQuery(text, name, query);
        return text.ToString().TrimEnd();
    }

    private static void AddReader(StringBuilder text, SourceReaderStats stats)
    {
        var position = stats.Position is { } at ? Say($", at {at}") : "";
        var lag = stats.Lag is { } behind ? Say($", {behind:N0} behind") : "";
        Add(text, "reads", $"{stats.Name}, {stats.State}: {stats.EventsPublished:N0} events{position}{lag}");
        if (stats.RecordsRejected > 0)
            Add(text, "  left out", $"{stats.RecordsRejected:N0} records");
        if (stats.ConsecutiveFailures > 0)
            Add(text, "  in trouble", $"{stats.ConsecutiveFailures:N0} failures in a row; {stats.LastFailure}");
    }

    private static void AddRecording(StringBuilder text, ProcessorStats stats)
    {
        if (stats.Durability is { } durability)
            AddDurability(text, durability);
        if (stats.FlightRecorder is { } recorder)
            Add(text, "recorder", $"{recorder}");
    }

    private static void AddDurability(StringBuilder text, DurabilityStats stats)
    {
        Add(
            text,
            "journal",
            $"{stats.JournalBytes:N0} bytes, {stats.PublishedSequence - stats.DurableSequence:N0} slots not synced");
        Add(
            text,
            "snapshot",
            $"up to slot {stats.SnapshotSequence:N0}, {stats.PublishedSequence - stats.SnapshotSequence:N0} slots and ",
            $"{Time(stats.SnapshotAge)} ago");
        if (stats.Failure is { } failure)
            Add(text, "in trouble", $"{failure}");
    }

    /// <summary>What is a query's own, indented under its name.</summary>
    private static void AddQuery(StringBuilder text, string name, ProcessorStats stats)
    {
        var filtered = stats.EventsFiltered > 0 ? Say($", {stats.EventsFiltered:N0} filtered") : "";
        Add(text, "query", $"{name}: {stats.EventsProcessed:N0} events{filtered}");
        if (stats.EventsDropped > 0)
            Add(text, "  dropped", $"{stats.EventsDropped:N0}: {Reasons(stats)}");
        Add(
            text,
            "  " + stats.CountedAs,
            $"{stats.ActiveWindows:N0} open of {stats.WindowsCreated:N0}, {stats.WindowsFired:N0} panes");
        Add(text, "  keys", $"{stats.Keys:N0}, {stats.StateBytes:N0} bytes of state");
        Add(
            text,
            "  results",
            $"{stats.ResultsEmitted:N0}{Suppressed(stats)}, {stats.Retractions:N0} withdrawn, ",
            $"{stats.BufferedResults:N0} wait for a reader");
        if (stats.UserFailures + stats.SinkFailures > 0)
            Add(text, "  failures", $"{stats.UserFailures:N0} of user code, {stats.SinkFailures:N0} of sinks");
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void AddResults(StringBuilder text, ProcessorStats stats)
    {
        Add(
            text,
            "results",
            $"{stats.ResultsEmitted:N0}{Suppressed(stats)}, {stats.Retractions:N0} withdrawn, ",
            $"{stats.BufferedResults:N0} wait for a reader");
        if (stats.ResultsDiscarded > 0)
            Add(text, "discarded", $"{stats.ResultsDiscarded:N0} results, which reached nobody");
        if (stats.RetractionsDiscarded > 0)
            Add(text, "discarded", $"{stats.RetractionsDiscarded:N0} retractions, which reached nobody");
        foreach (var reader in stats.ResultReaders)
        {
            Add(
                text,
                "reader",
                $"{reader.Name}: {reader.ResultsRead:N0} read, {reader.ResultsBuffered:N0} of {reader.Capacity:N0}",
                $" wait, {reader.ResultsDropped:N0} dropped, held others for {Time(reader.BlockedTime)}");
        }

        foreach (var sink in stats.AsyncSinks)
        {
            Add(
                text,
                "sink",
                $"{sink.Name}: {sink.ResultsWritten:N0} written, {sink.ResultsQueued:N0} of {sink.Capacity:N0} wait, ",
                $"{sink.ResultsSkipped + sink.ResultsDiscarded:N0} lost, held others for {Time(sink.BlockedTime)}");
        }
    }

    private static void Add(
        StringBuilder text, string what, FormattableString said, FormattableString? more = null) => text
        .Append(what.PadRight(14))
        .Append(said.ToString(CultureInfo.InvariantCulture))
        .AppendLine(more?.ToString(CultureInfo.InvariantCulture));

    public static string Reasons(ProcessorStats stats)
    {
        var parts = new List<string>();
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            if (stats.DroppedBy(reason) > 0)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{stats.DroppedBy(reason):N0} {reason}"));
        }

        return string.Join(", ", parts);
    }

    private static string Watermark(ProcessorStats stats) => stats.WatermarkTicks switch
    {
        null => "none yet" + Holder(stats),
        long.MaxValue => "the end of input",
        var ticks => $"{Moment(ticks.Value, stats)}, {Lag(stats.WatermarkLag)}{Holder(stats)}",
    };

    /// <summary>Where each source has come to, where there are several.</summary>
    private static void AddSources(StringBuilder text, ProcessorStats stats)
    {
        if (stats.Sources.Count < 2)
            return;
        var shown = 0;
        foreach (var source in stats.Sources)
        {
            if (++shown > MostSources)
            {
                Add(text, "source", $"and {stats.Sources.Count - MostSources:N0} more");
                return;
            }

            var newest = source.NewestTicks is { } ticks ? $"newest {Moment(ticks, stats)}" : "no event yet";
            var quiet = source.QuietFor is { } span ? $", nothing for {AdvanceText.Of(span)}" : "";
            var state = source.State == SourceState.Active ? "" : $", {source.State.ToString().ToLowerInvariant()}";
            Add(text, "source", $"'{source.Name}': {newest}{quiet}{state}");
        }
    }

    /// <summary>How late events come, of the sources of which some do.</summary>
    private static void AddLateness(StringBuilder text, ProcessorStats stats)
    {
        var shown = 0;
        foreach (var source in stats.Sources)
        {
            if (source.Lateness is { EventsBehind: > 0 } lateness && ++shown <= MostSources)
                Add(text, "lateness", $"'{source.Name}': {lateness}; set MaxOutOfOrderness to what you need");
        }
    }

    private static string Moment(long ticks, ProcessorStats stats) => AnswerText.Time(ticks, stats.Taken);

    private static string Lag(TimeSpan? lag) => lag switch
    {
        null => "of unknown age",
        { Ticks: < 0 } ahead => $"{AdvanceText.Of(ahead.Negate())} ahead of the clock",
        { } behind => $"{AdvanceText.Of(behind)} behind the clock",
    };

    private static string Holder(ProcessorStats stats) =>
        stats.WatermarkHeldBy is { } source ? $", held by '{source}'" : "";

    private static string Time(TimeSpan? time) => time is not { } given ? "unknown" : given.Duration() switch
    {
        { TotalSeconds: >= 60 } => given.ToString("c", CultureInfo.InvariantCulture),
        _ => AdvanceText.Of(given),
    };

    private static string Suppressed(ProcessorStats stats) =>
        stats.ResultsSuppressed > 0 ? Say($" of {stats.ResultsEmitted + stats.ResultsSuppressed:N0}") : "";
}
