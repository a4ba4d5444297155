using System.Globalization;
using System.Text;

namespace DisruptorStream.Durability;

/// <summary>What a replay came to.</summary>
public sealed record ReplayReport
{
    /// <summary>The directory, as a whole path.</summary>
    public required string Directory { get; init; }

    /// <summary>The slot of the snapshot that it began with; -1 where it began with the first slot.</summary>
    public required long SnapshotSequence { get; init; }

    /// <summary>The last slot that was handled; that of the snapshot for none.</summary>
    public required long LastSequence { get; init; }

    /// <summary>
    /// How many slots were handled. A slot holds an event, a watermark, a tick of the clock or the like.
    /// </summary>
    public long Slots => LastSequence - SnapshotSequence;

    /// <summary>Whether the recorded input has ended, in a slot that was handled.</summary>
    public required bool HasEnded { get; init; }

    /// <summary>The queries, in the order of the plan.</summary>
    public required IReadOnlyList<ReplayedQuery> Queries { get; init; }

    /// <summary>What is not as it should be in the directory, as sentences; empty where all is well.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>For people: a line for the slots, and one for each query.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var from = SnapshotSequence < 0 ? "from the first on" : $"behind the snapshot at slot {Text(SnapshotSequence)}";
        text.Append(Text(Slots)).Append(" slots handled, ").Append(from);
        text.Append(", up to slot ").Append(Text(LastSequence));
        text.AppendLine(HasEnded ? "; there the input ends" : "");
        foreach (var query in Queries)
        {
            text.Append("query '").Append(query.Name).Append("': ");
            text.Append(query.LastNumber < query.FirstNumber
                ? "no result"
                : $"results {Text(query.FirstNumber)} to {Text(query.LastNumber)}");
            text.AppendLine(query.OpenResults > 0 ? $", and {Text(query.OpenResults)} of open windows" : "");
        }

        foreach (var remark in Remarks)
            text.AppendLine(remark);
        return text.ToString();
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
