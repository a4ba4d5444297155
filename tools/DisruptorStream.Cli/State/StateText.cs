using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Text;
using DisruptorStream.Durability.Inspection;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Snapshots;

namespace DisruptorStream.Cli.State;

/// <summary>Shows people what lies in the directory of a durable processor: a line for each point.</summary>
internal static class StateText
{
    private const int NameWidth = 12;

    public static string Of(DirectoryState state, TimeProvider clock)
    {
        var text = new StringBuilder();
        Add(text, "directory", $"{PlainText.Of(state.Directory)}, {Use(state)}");
        if (state.IsEmpty)
        {
            Add(text, "stream", $"none: there is neither a journal nor a snapshot");
            return text.ToString();
        }

        var id = state.Journal.Identity?.StreamId ?? state.Newest?.StreamId;
        var plan = state.Journal.Identity?.Plan ?? state.Newest?.Plan;
        Add(text, "stream", $"{id:x32}");
        Add(text, "plan", $"{plan}");
        AddJournal(text, state);
        foreach (var entry in state.Snapshots)
            Add(text, "snapshot", $"{PlainText.Of(Snapshot(entry, clock))}");
        if (state.Snapshots.Count == 0)
            Add(text, "snapshot", $"none");
        AddPositions(text, state);
        return text.ToString();
    }

    private static string Use(DirectoryState state) => state.IsInUse switch
    {
        true => "in use by a processor: this is of about one instant",
        false => "not in use",
        null => "whether it is in use cannot be found out",
    };

    private static void AddJournal(StringBuilder text, DirectoryState state)
    {
        var journal = state.Journal;
        if (journal.IsEmpty)
        {
            Add(text, "journal", $"none");
            return;
        }

        Add(
            text,
            "journal",
            $"slots {journal.FirstSequence} to {journal.LastSequence}, {Files(journal.Segments.Length)}, ",
            $"{state.JournalBytes:N0} bytes, {journal.Spares.Count} ready for use");
        foreach (var segment in journal.Segments)
        {
            var other = segment.Header.Identity.Plan == journal.Identity!.Value.Plan
                ? ""
                : $", plan {segment.Header.Identity.Plan}";
            Add(
                text,
                "  file",
                $"{Path.GetFileName(segment.Path)}: from slot {segment.FirstSequence}, ",
                $"{BytesOf(segment)}{other}");
        }

        Add(text, "durable", $"to slot {journal.DurableTo}, as the journal itself says");
        Add(text, "end", $"{End(journal, state.IsInUse)}");
        foreach (var damage in journal.Damage)
            Add(text, "damage", $"{PlainText.Of(damage.ToString())}");
    }

    private static string End(JournalContents journal, bool? isInUse) => (journal, isInUse) switch
    {
        ({ Cut: { } cut }, _) => Say($"{journal.CutBytes:N0} bytes are half written and were never durable: {cut.Why}"),
        ({ EndsCleanly: true }, _) => "closed on purpose",
        (_, true) => "not closed: a processor still writes it",
        (_, false) => "not closed: the processor ended without a stop, as by a crash",
        _ => "not closed: the processor ended without a stop, as by a crash, or still writes it",
    };

    private static string Snapshot(SnapshotEntry entry, TimeProvider clock)
    {
        if (entry is not { IsValid: true, Info: { } info })
            return $"{entry.Name}: cannot be used: {entry.Problem}";
        var taken = DateTimeOffset.UnixEpoch.AddTicks(info.TakenTicks);
        var age = clock.GetUtcNow() - taken;
        return Say($"{entry.Name}: to slot {info.Sequence}, ")
            + Say($"{taken.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({age:d\\.hh\\:mm\\:ss} ago), ")
            + Say($"{entry.LengthBytes:N0} bytes, results {Results(info)}, release {info.Release}")
            + (info.TimeZoneVersion.Length > 0 ? $", time zones {info.TimeZoneVersion}" : "");
    }

    private static string Results(SnapshotInfo info)
    {
        var parts = new List<string>();
        foreach (var (query, number) in QueryNames.ResultsOf(info))
            parts.Add(Say($"{query} to {number}"));
        return string.Join(", ", parts);
    }

    private static void AddPositions(StringBuilder text, DirectoryState state)
    {
        // In the order of the plan: of all queries, and then their dropped events.
        var queries = QueryNames.Of(state);
        var positions = state.Journal.Positions;
        for (var index = 0; index < positions.Length / 2; index++)
        {
            var name = index < queries.Count
                ? queries[index]
                : Say($"query {index + 1} of the plan");
            Add(
                text,
                "arrived",
                $"{PlainText.Of(name)}: results to {positions[index]}, ",
                $"{positions[(positions.Length / 2) + index]} dropped events");
        }
    }

    private static string BytesOf(JournalSegment segment) => segment.EndOffset == JournalSegment.Open
        ? "how many bytes is not known, as the next file is missing"
        : Say($"{segment.EndOffset:N0} bytes");

    private static string Files(int count) => count == 1 ? "1 file" : Say($"{count} files");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Add(
        StringBuilder text, string name, FormattableString said, FormattableString? more = null) => text
        .Append(name.PadRight(NameWidth))
        .Append(said.ToString(CultureInfo.InvariantCulture))
        .AppendLine(more?.ToString(CultureInfo.InvariantCulture));
}
