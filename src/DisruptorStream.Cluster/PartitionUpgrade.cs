using System.Globalization;
using System.Text;
using DisruptorStream.Durability.Plans;

namespace DisruptorStream.Cluster;

/// <summary>What an owner of a query would do with the state of a partition.</summary>
/// <remarks>A value: it says how things were when they were looked at.</remarks>
public sealed record PartitionUpgrade
{
    /// <summary>Whether the partition has no result yet: all begins anew.</summary>
    public required bool IsNew { get; init; }

    /// <summary>The highest version of the query that has written to the log; 0 for none.</summary>
    public required int Version { get; init; }

    /// <summary>The fingerprint of the query that the log goes on with; null where it is new.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// Inputs, keys, queries and metrics, and what becomes of each; null where it is new, or where nothing says what
    /// that query was.
    /// </summary>
    public PlanComparison? Plan { get; init; }

    /// <summary>
    /// Records of results behind the newest checkpoint, or all of them where there is none: they are handled again.
    /// </summary>
    public required long RecordsBehind { get; init; }

    /// <summary>Why an owner would be refused; null where it would not.</summary>
    public string? WhyRefused { get; init; }

    /// <summary>All of it, for people: whether it can go on, and a line for each part.</summary>
    public override string ToString()
    {
        if (IsNew)
            return "The partition has no result yet: all begins anew." + Environment.NewLine;
        var text = new StringBuilder();
        if (WhyRefused is { } why)
            text.Append("refused: ").AppendLine(why);
        else
            text.AppendLine("can go on");
        text.Append(
            CultureInfo.InvariantCulture,
            $"the log is of version {Version}, {RecordsBehind} records are to be handled again").AppendLine();
        text.Append(Plan);
        return text.ToString();
    }
}
