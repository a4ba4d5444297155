using System.Globalization;
using System.Text;

namespace DisruptorStream.Durability;

/// <summary>The journal and the snapshots of a processor, as of about one instant.</summary>
public sealed record DurabilityStats
{
    /// <summary>The last slot that is published; -1 for none.</summary>
    public required long PublishedSequence { get; init; }

    /// <summary>The last slot that is written: it outlives the process.</summary>
    public required long WrittenSequence { get; init; }

    /// <summary>The last slot that is synced: it outlives a power cut.</summary>
    public required long DurableSequence { get; init; }

    /// <summary>
    /// The last slot that the shadow has handled; as <see cref="DurableSequence"/> where there is none
    /// (<see cref="SnapshotMethod.Copy"/>).
    /// </summary>
    public required long ShadowSequence { get; init; }

    /// <summary>The last slot that is in a snapshot; -1 for none.</summary>
    public required long SnapshotSequence { get; init; }

    /// <summary>Since when the newest snapshot of this process is there, or since its start.</summary>
    public required TimeSpan SnapshotAge { get; init; }

    /// <summary>The bytes of the journal, files that are ready for use left out.</summary>
    public required long JournalBytes { get; init; }

    /// <summary>The files of the journal that are in use.</summary>
    public required int JournalFiles { get; init; }

    /// <summary>How long the recovery took when the processor was built.</summary>
    public required TimeSpan RecoveryTime { get; init; }

    /// <summary>
    /// Whether there has been something new for longer than three times
    /// <see cref="DurabilityOptions.SnapshotInterval"/>, and no snapshot of it: the next recovery takes longer.
    /// </summary>
    public required bool IsSnapshotOverdue { get; init; }

    /// <summary>Why nothing can be written any more; null where it can.</summary>
    public required string? JournalFailure { get; init; }

    /// <summary>
    /// Why the shadow, or who copies the state, takes no more snapshots until the processor is started again; null
    /// where it works.
    /// </summary>
    public required string? ShadowFailure { get; init; }

    /// <summary>Why the newest snapshot could not be taken, or the journal be synced; null where it could.</summary>
    public required string? SnapshotFailure { get; init; }

    /// <summary>
    /// Why no file of the journal could be made ready; null where one could. Once those that are ready are used up, the
    /// processor fails.
    /// </summary>
    public required string? SpareFailure { get; init; }

    /// <summary>The first that there is of the four failures; null where all is well.</summary>
    public string? Failure => JournalFailure ?? ShadowFailure ?? SpareFailure ?? SnapshotFailure;

    /// <summary>All of it in one line, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"slots published to {PublishedSequence:N0}, written to {WrittenSequence:N0}, durable to "
            + $"{DurableSequence:N0}, in a snapshot to {SnapshotSequence:N0}, {JournalBytes:N0} bytes in "
            + $"{JournalFiles:N0} files of the journal");
        if (IsSnapshotOverdue)
            text.Append(", a snapshot is overdue");
        if (Failure is { } failure)
            text.Append("; ").Append(failure);
        return text.ToString();
    }
}
