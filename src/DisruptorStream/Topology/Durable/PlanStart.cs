using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Plans;
using DisruptorStream.Plans.Recording;

namespace DisruptorStream.Topology.Durable;

/// <summary>The plan that starts in a directory, beside the one whose state is there.</summary>
/// <param name="Plan">The plan, laid out so that what is there can go on in it.</param>
/// <param name="Recorded">The same, as the directory is to remember it.</param>
/// <param name="Saved">The plan whose state is there; null where there is none.</param>
/// <param name="Comparison">What becomes of the state; null where there is none.</param>
internal sealed record PlanStart(
    ProcessorPlan Plan, RecordedPlan Recorded, RecordedPlan? Saved, PlanComparison? Comparison)
{
    /// <summary>Whether the state has to be made over.</summary>
    public bool IsChange => Comparison is { IsSame: false };

    /// <summary>Compares, before anything is touched.</summary>
    /// <param name="settings">Where, and whether a change is wanted.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="snapshots">The snapshots, newest first.</param>
    /// <exception cref="DurabilityException">The plan has changed, and may not or cannot go on.</exception>
    /// <exception cref="Saving.StateException">The recorded plan is damaged, or of a newer release.</exception>
    public static PlanStart Of(
        DurableSettings settings,
        ProcessorPlan plan,
        JournalContents journal,
        IReadOnlyList<SnapshotEntry> snapshots)
    {
        if (DirectoryPlan.Of(journal, snapshots) is not { } directory)
            return Anew(plan, journal);
        var saved = directory.Plan;
        var comparison = PlanComparer.Compare(
            settings.Directory, saved, PlanRecorder.Record(plan), directory.SlotsBehind);
        if (comparison.WhyRefused(settings.Options.OnPlanChange) is { } why)
        {
            throw new DurabilityException(
                $"The processor '{plan.Name}' does not start in '{settings.Directory}'. {why}");
        }

        var pinned = PlanPinning.Pin(plan, saved);
        var recorded = PlanRecorder.Record(pinned) with
        {
            Revision = comparison.IsSame ? saved.Revision : saved.Revision + 1,
        };
        return new PlanStart(pinned, recorded, saved, comparison);
    }

    /// <summary>There is no slot yet; but others may have begun here.</summary>
    private static PlanStart Anew(ProcessorPlan plan, JournalContents journal)
    {
        var recorded = PlanRecorder.Record(plan);
        if (journal.PlanRecord.IsEmpty)
            return new PlanStart(plan, recorded, null, null);
        var before = PlanRecordFormat.Read(journal.PlanRecord.Span);
        var isSame = before.Fingerprint == recorded.Fingerprint;
        recorded = recorded with { Revision = isSame ? before.Revision : before.Revision + 1 };
        return new PlanStart(plan, recorded, isSame ? before : null, null);
    }
}
