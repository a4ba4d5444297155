using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Saving;

namespace DisruptorStream.Durability.Plans;

/// <summary>The plan whose state a directory holds.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="SlotsBehind">Slots of the journal behind the newest snapshot that is whole.</param>
/// <remarks>All slots behind a snapshot are of the plan of that snapshot: a change makes one of its own.</remarks>
internal sealed record DirectoryPlan(RecordedPlan Plan, long SlotsBehind)
{
    /// <summary>The newest snapshot without a fault; null for none.</summary>
    public static SnapshotInfo? NewestOf(IReadOnlyList<SnapshotEntry> snapshots)
    {
        foreach (var entry in snapshots)
        {
            if (entry.IsValid)
                return entry.Info;
        }

        return null;
    }

    /// <param name="journal">The journal.</param>
    /// <param name="snapshots">The snapshots, newest first.</param>
    /// <returns>Null where there is no state: neither a snapshot nor a slot.</returns>
    /// <exception cref="StateException">The plan is damaged, or of a newer release.</exception>
    public static DirectoryPlan? Of(JournalContents journal, IReadOnlyList<SnapshotEntry> snapshots)
    {
        if (NewestOf(snapshots) is { } info)
        {
            return new DirectoryPlan(
                PlanRecordFormat.Read(info.PlanRecord.Span), Math.Max(0, journal.LastSequence - info.Sequence));
        }

        if (journal.Damage.Count > 0 && (journal.LastSequence < journal.FirstSequence || journal.PlanRecord.IsEmpty))
        {
            throw new StateException(
                $"the journal is damaged: {journal.Damage[0]}, and no snapshot can be used; restore it from a copy");
        }

        if (journal.LastSequence < journal.FirstSequence)
            return null;
        if (journal.PlanRecord.IsEmpty)
        {
            throw new StateException(
                "no snapshot can be used, and the journal does not say any more whose slots it holds; restore it from "
                + "a copy");
        }

        return new DirectoryPlan(
            PlanRecordFormat.Read(journal.PlanRecord.Span), journal.LastSequence - journal.FirstSequence + 1);
    }
}
