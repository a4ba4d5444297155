using System.Globalization;
using System.Text;
using DisruptorStream.Durability.Plans;

namespace DisruptorStream.Durability;

/// <summary>What a durable processor did when it was built.</summary>
public sealed record RecoveryReport
{
    /// <summary>Whether the directory held a stream; else it is a new one.</summary>
    public bool IsRecovered { get; init; }

    /// <summary>The last slot of the snapshot that it began with; -1 where there was none.</summary>
    public long SnapshotSequence { get; init; } = -1;

    /// <summary>The last slot that was there: the processor goes on behind it. -1 for none.</summary>
    public long LastSequence { get; init; } = -1;

    /// <summary>Slots that were handled again.</summary>
    public long SlotsReplayed { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>
    /// Bytes at the end of the journal that were half written and never durable, and that nobody relies on.
    /// </summary>
    public long BytesCut { get; init; }

    /// <summary>
    /// How the plan compares with that whose state was there; null where the directory held nothing.
    /// </summary>
    public PlanComparison? Plan { get; init; }

    /// <summary>What was found that is not as it should be, and did no harm; empty where all is well.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>All of it in one line, for people; of the plan only whether it is another one.</summary>
    public override string ToString()
    {
        if (!IsRecovered)
            return "a new stream";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"recovered up to slot {LastSequence:N0}: ");
        text.Append(SnapshotSequence < 0
            ? "from the first slot on"
            : string.Create(CultureInfo.InvariantCulture, $"snapshot at slot {SnapshotSequence:N0}"));
        text.Append(
            CultureInfo.InvariantCulture,
            $", {SlotsReplayed:N0} slots handled again, {Duration.TotalMilliseconds:N0} ms");
        if (BytesCut > 0)
            text.Append(CultureInfo.InvariantCulture, $", {BytesCut:N0} half-written bytes left out");
        if (Plan is { IsSame: false })
            text.Append(", the plan has changed");
        foreach (var remark in Remarks)
            text.Append("; ").Append(remark);
        return text.ToString();
    }
}
