using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal.Reading;
using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Journal;

/// <summary>What a journal holds, as it was found when nobody wrote it.</summary>
internal sealed record JournalContents : IJournalSegments
{
    /// <summary>The directory.</summary>
    public required string Directory { get; init; }

    /// <summary>The segments, from the lowest number on; the last one ends where the journal does.</summary>
    public required JournalSegment[] Segments { get; init; }

    /// <summary>The end of the last frame.</summary>
    public required JournalPosition End { get; init; }

    /// <summary>What is wrong and was durable once, in order: empty where all is well.</summary>
    public required IReadOnlyList<JournalDamage> Damage { get; init; }

    /// <summary>
    /// Where the tail was cut: the bytes behind it were never durable, so no one relies on them. Null where there are
    /// none.
    /// </summary>
    public JournalDamage? Cut { get; init; }

    /// <summary>How many bytes were cut off.</summary>
    public long CutBytes { get; init; }

    /// <summary>The last slot that the journal itself says was durable before it was opened; -1 for none.</summary>
    /// <remarks>Once it is opened, all up to <see cref="LastSequence"/> is durable.</remarks>
    public required long DurableTo { get; init; }

    /// <summary>The last frame that anything here says to be durable; 0 for none.</summary>
    public required long DurableOrdinal { get; init; }

    /// <summary>The last frame that the journal says was durable, or that is there.</summary>
    public required long HighestOrdinal { get; init; }

    /// <summary>Of the newest writer; 0 for none.</summary>
    public required long Generation { get; init; }

    /// <summary>The highest number that a segment ever had here.</summary>
    public required long HighestNumber { get; init; }

    /// <summary>How many results of each query were delivered, as was written last; empty where nothing was.</summary>
    public long[] Positions { get; init; } = [];

    /// <summary>The plan whose queries these are, in its order; null where there are none.</summary>
    public Fingerprint? PositionsPlan { get; init; }

    /// <summary>The plan that was recorded last, as bytes; none where its segment has been given up.</summary>
    public ReadOnlyMemory<byte> PlanRecord { get; init; }

    /// <summary>Whether the last frame says that the journal was closed on purpose.</summary>
    public required bool EndsCleanly { get; init; }

    /// <summary>The paths of files that nobody needs: behind the cut, or replaced by others.</summary>
    public required IReadOnlyList<string> Leftovers { get; init; }

    /// <summary>The paths of spare segments.</summary>
    public required IReadOnlyList<string> Spares { get; init; }

    /// <summary>Whether it holds nothing.</summary>
    public bool IsEmpty => Segments.Length == 0;

    /// <summary>Stream, plan and slots of the newest segment; null where there is none.</summary>
    public JournalIdentity? Identity => IsEmpty ? null : Segments[^1].Header.Identity;

    /// <summary>The first slot that is there; where there is none, the one that would come next.</summary>
    public long FirstSequence => IsEmpty ? 0 : Segments[0].FirstSequence;

    /// <summary>The last slot that is there; where there is none, the one before <see cref="FirstSequence"/>.</summary>
    public long LastSequence => End.NextSequence - 1;

    /// <summary>Of the last frame.</summary>
    public long LastOrdinal => End.Ordinal;

    /// <summary>
    /// Reads all of a journal: syncs its files and its directory first, so that all that is seen stays; cuts the tail
    /// where it was not durable; and tells what is damaged. A directory that is not there is made: an empty journal.
    /// </summary>
    /// <exception cref="JournalException">A file cannot be read, or is of a newer release.</exception>
    public static JournalContents Open(IFileSystem files, string directory) =>
        new JournalOpening(files, directory).Run();
}
