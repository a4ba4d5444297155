using DisruptorStream.Durability;
using DisruptorStream.Durability.Inspection;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Identities;

namespace DisruptorStream.Topology.Durable.Replay;

/// <summary>What a replay of a directory begins with.</summary>
internal sealed class ReplayBase
{
    private readonly ReplayOptions _options;
    private readonly List<string> _remarks;

    /// <param name="options">What of the directory is wanted.</param>
    /// <param name="remarks">Where it tells what is not as it should be.</param>
    public ReplayBase(ReplayOptions options, List<string> remarks)
    {
        _options = options;
        _remarks = remarks;
    }

    /// <summary>
    /// What it begins with: of the snapshots before the first slot that is wanted the newest one, or else what reaches
    /// farthest back.
    /// </summary>
    public SnapshotInfo? Of(DirectoryState state, Fingerprint plan)
    {
        SnapshotInfo? oldest = null;
        foreach (var found in state.Snapshots)
        {
            if (found is not { IsValid: true, Info: { } info })
            {
                _remarks.Add($"The snapshot '{found.Name}' is not used: {found.Problem}.");
                continue;
            }

            if (info.Plan != plan)
                break;
            if (info.Sequence <= (_options.Until ?? long.MaxValue))
                oldest = info;
            if (info.Sequence < _options.From)
                return Reaching(state.Journal, info);
        }

        if (BeginsWithFirstSlot(state.Journal, plan))
            return null;
        return Reaching(state.Journal, oldest ?? throw new DurabilityException(
            $"The recording in '{state.Directory}' does not reach back to slot {_options.Until}: its oldest state is "
            + "of a later slot."));
    }

    private static bool BeginsWithFirstSlot(JournalContents journal, Fingerprint plan)
    {
        if (journal.IsEmpty || journal.FirstSequence > 0)
            return false;
        foreach (var segment in journal.Segments)
        {
            if (segment.Header.Identity.Plan != plan)
                return false;
        }

        return true;
    }

    /// <summary>The slots behind it must be whole, as far as they are wanted.</summary>
    private SnapshotInfo Reaching(JournalContents journal, SnapshotInfo info)
    {
        foreach (var damage in journal.Damage)
        {
            if (damage.Sequence > info.Sequence)
                _remarks.Add($"The journal is damaged, and the replay ends there at the latest: {damage}");
        }

        return info;
    }
}
