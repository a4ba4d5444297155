using System.Globalization;
using DisruptorStream.Durability;

namespace DisruptorStream.Hosting.Health;

/// <summary>What a crash would cost a durable processor more than it should.</summary>
internal static class DurabilityHealth
{
    /// <summary>What is wrong while it goes on; nothing for one that is not durable.</summary>
    public static IEnumerable<string> WarningsOf(DurabilityStats? stats)
    {
        if (stats is null)
            yield break;
        if (stats.ShadowFailure is { } shadow)
            yield return $"no more snapshots are taken ({shadow.TrimEnd('.')})";
        else if (stats.IsSnapshotOverdue)
            yield return Overdue(stats);
        if (stats.SpareFailure is { } spare)
            yield return $"no file of the journal can be made ready ({spare.TrimEnd('.')})";
    }

    /// <summary>Its figures.</summary>
    public static void Describe(DurabilityStats? stats, Dictionary<string, object> data)
    {
        if (stats is null)
            return;
        data["journalBytes"] = stats.JournalBytes;
        data["slotsNotSynced"] = Math.Max(0, stats.PublishedSequence - stats.DurableSequence);
        data["snapshotAgeSeconds"] = stats.SnapshotAge.TotalSeconds;
    }

    private static string Overdue(DurabilityStats stats)
    {
        var why = stats.SnapshotFailure is { } failure ? $" ({failure.TrimEnd('.')})" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"the newest snapshot is {stats.SnapshotAge:c} old, and events have come{why}");
    }
}
