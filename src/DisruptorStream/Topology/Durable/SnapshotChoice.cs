using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Plans;

namespace DisruptorStream.Topology.Durable;

/// <summary>Which snapshot a recovery begins with.</summary>
/// <remarks>
/// The newest one that is whole, and that no sink is behind: what a sink does not hold must be made again, and so must
/// lie behind the snapshot. Of those that are older than the one chosen, headers alone are read.
/// </remarks>
internal sealed class SnapshotChoice
{
    private readonly SnapshotStore _store;

    private SnapshotChoice(SnapshotStore store, SnapshotInfo? info, IReadOnlyList<string> remarks)
    {
        _store = store;
        Info = info;
        Remarks = remarks;
    }

    /// <summary>The snapshot; null to begin with the first slot.</summary>
    public SnapshotInfo? Info { get; }

    /// <summary>Which ones cannot be used, and what else is not as it should be.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <param name="store">The snapshots.</param>
    /// <param name="snapshots">What was found of them, the newest first.</param>
    /// <param name="contents">The journal.</param>
    /// <param name="plan">The processor.</param>
    /// <param name="held">How many results of each query its sinks hold.</param>
    /// <param name="arrived">How many dropped events of each query have arrived.</param>
    /// <exception cref="DurabilityException">
    /// None can be used, and the journal does not begin with the first slot.
    /// </exception>
    public static SnapshotChoice Of(
        SnapshotStore store,
        IReadOnlyList<SnapshotEntry> snapshots,
        JournalContents contents,
        DurablePlan plan,
        ReadOnlySpan<long> held,
        ArrivedResults arrived)
    {
        var remarks = new List<string>();
        var (newest, chosen) = (default(SnapshotInfo), default(SnapshotInfo));
        foreach (var found in snapshots)
        {
            newest ??= found.IsValid ? found.Info : null;
            ThrowUnlessOf(contents, found);

            // Those of a plan before this one go with the others of their age.
            if (found is { IsValid: true, Info: { } other } && other.Plan != plan.Id)
                continue;
            if (found is not { IsValid: true, Info: { } info })
                remarks.Add($"The snapshot '{found.Name}' is not used: {found.Problem}.");
            else if ((IsAhead(info, held, plan.Plan) ?? IsAhead(info, arrived, plan.Plan)) is { } why)
                remarks.Add($"The snapshot '{found.Name}' is not used: {why}");
            else if (chosen is null && store.Check(found) is { IsValid: false } damaged)
                remarks.Add($"The snapshot '{found.Name}' is not used: {damaged.Problem}.");
            else
                chosen ??= info;
        }

        ThrowUnlessWrittenBy(plan, contents, chosen, remarks);
        if (chosen is null && contents.FirstSequence > 0)
        {
            remarks.Add("Restore the directory from a copy.");
            throw new DurabilityException(
                $"The journal in '{contents.Directory}' begins with slot {contents.FirstSequence}, and no snapshot of "
                + $"what came before can be used. {string.Join(" ", remarks)}");
        }

        ThrowWhereFilesAreMissing(contents, newest, chosen, snapshots.Count > 0, remarks);
        foreach (var damage in contents.Damage)
        {
            if (damage.Sequence > (chosen?.Sequence ?? -1))
            {
                throw new DurabilityException(
                    $"The journal in '{contents.Directory}' is damaged behind what the snapshots hold: {damage}; "
                    + "restore it from a copy.");
            }

            remarks.Add($"The journal is damaged where the snapshot makes up for it: {damage}");
        }

        return new SnapshotChoice(store, chosen, remarks);
    }

    /// <summary>Its mark, and behind that its state; null where there is no snapshot.</summary>
    public Stream? Open() => Info is null ? null : _store.Open(Info.Sequence, out _, isChecked: true);

    /// <summary>Why a sink needs results again that a snapshot has behind it; null where none does.</summary>
    public static string? IsAhead(SnapshotInfo info, ReadOnlySpan<long> held, ProcessorPlan plan)
    {
        foreach (var (name, number) in info.Results)
        {
            for (var query = 0; query < held.Length; query++)
            {
                var known = plan.Queries[query];
                if (!string.Equals(known.Name, name, StringComparison.Ordinal) || number <= held[query])
                    continue;
                return $"the sinks of '{plan.NameOf(known)}' hold results up to number {held[query]}, and it comes "
                    + $"behind number {number}.";
            }
        }

        return null;
    }

    private static string? IsAhead(SnapshotInfo info, ArrivedResults arrived, ProcessorPlan plan)
    {
        for (var query = 0; query < Math.Min(info.Dropped.Count, plan.Queries.Count); query++)
        {
            if (info.Dropped[query] <= arrived.DroppedOf(query))
                continue;
            return $"{arrived.DroppedOf(query)} dropped events of '{plan.NameOf(plan.Queries[query])}' have arrived, "
                + $"and it comes behind {info.Dropped[query]}.";
        }

        return null;
    }

    /// <summary>
    /// A snapshot is of what was durable in the journal: where that does not come as far, and the snapshot is not what
    /// the recovery begins with, events would be lost in between.
    /// </summary>
    private static void ThrowWhereFilesAreMissing(
        JournalContents contents,
        SnapshotInfo? newest,
        SnapshotInfo? chosen,
        bool hasSnapshots,
        IReadOnlyList<string> remarks)
    {
        if (chosen is null && contents.IsEmpty && hasSnapshots)
        {
            throw new DurabilityException(
                $"There are snapshots in '{contents.Directory}', and no journal: its files are missing. "
                + $"{string.Join(" ", remarks)} Restore the directory from a copy, or choose another one.");
        }

        if (newest is not null && newest != chosen && newest.Sequence > contents.LastSequence)
        {
            throw new DurabilityException(
                $"The journal in '{contents.Directory}' ends with slot {contents.LastSequence}, and the snapshot "
                + $"'{SnapshotStore.NameOf(newest.Sequence)}' is of slot {newest.Sequence}: what lies between is "
                + "missing; restore the directory from a copy.");
        }
    }

    /// <summary>Another stream's snapshot would take the place of one of this stream when old ones go.</summary>
    private static void ThrowUnlessOf(JournalContents contents, SnapshotEntry snapshot)
    {
        if (contents.Identity is not { } journal || snapshot is not { IsValid: true, Info: { } info }
            || info.StreamId == journal.StreamId)
        {
            return;
        }

        throw new DurabilityException(
            $"The snapshot '{snapshot.Name}' in '{contents.Directory}' is of stream {info.StreamId:x32}, and the "
            + $"journal there is of stream {journal.StreamId:x32}; take the snapshot out of the directory, or restore "
            + "all of it from a copy.");
    }

    /// <summary>Slots that are handled again must be of the same plan.</summary>
    private static void ThrowUnlessWrittenBy(
        DurablePlan plan, JournalContents contents, SnapshotInfo? chosen, IReadOnlyList<string> remarks)
    {
        var from = (chosen?.Sequence ?? -1) + 1;
        for (var index = 0; index < contents.Segments.Length; index++)
        {
            var segment = contents.Segments[index];
            var last = index + 1 < contents.Segments.Length
                ? contents.Segments[index + 1].FirstSequence - 1
                : contents.LastSequence;
            if (segment.Header.Identity.Plan == plan.Id || last < Math.Max(from, segment.FirstSequence))
                continue;
            throw new DurabilityException(
                $"Slots {Math.Max(from, segment.FirstSequence)} to {last} in '{contents.Directory}' would have to be "
                + "handled again, and they were written before or after a change of the plan, by which no snapshot "
                + $"that can be used begins. {string.Join(" ", remarks)} Restore the snapshots from a copy.");
        }
    }
}
