using System.Globalization;
using DisruptorStream.Durability.Plans;

namespace DisruptorStream.Cluster.Owning;

/// <summary>Why a query cannot go on in a log.</summary>
internal static class PlanChange
{
    /// <exception cref="PartitionPlanException">The state of one plan cannot go on in the other.</exception>
    public static void ThrowIfImpossible(string log, StatePlan saved, StatePlan next)
    {
        var comparison = Compare(log, saved, next);
        if (WhyImpossible(comparison) is { } why)
            throw new PartitionPlanException($"The query cannot go on in {log}: {why}.");
    }

    /// <summary>What becomes of the state.</summary>
    public static PlanComparison Compare(string log, StatePlan saved, StatePlan next) =>
        PlanComparer.Compare(log, saved.Record, next.Record, slotsBehind: 0, elsewhere: "begin new topics");

    /// <summary>Null where it is not.</summary>
    public static string? WhyImpossible(PlanComparison comparison) => comparison.IsImpossible
        ? $"its plan has changed in a way that cannot be: {comparison.Join(PlanOutcome.Impossible)}. Build it as it "
            + "was, or give its results another topic (OutputTopic)"
        : null;

    /// <summary>Another query has a version that is not lower.</summary>
    public static PartitionPlanException Superseded(string log, int version, string fingerprint, int own) =>
        new(string.Create(
            CultureInfo.InvariantCulture,
            $"{log} goes on with version {version} of the query ({fingerprint}), which is not this one, and this one "
            + $"has version {own}. Where this one is to take its place, give it a higher PartitionOptions.Version."));

    /// <summary>Only the query that wrote a record can handle it again.</summary>
    public static PartitionPlanException Unknown(string log, long position, int version, string fingerprint) =>
        new(string.Create(
            CultureInfo.InvariantCulture,
            $"The record at {position} of {log} was written by version {version} of the query ({fingerprint}), and "
            + $"only that can handle it again. Say by UpgradeFrom what the query was, or let an owner with it stop, "
            + $"which keeps its state at the end of the log."));
}
