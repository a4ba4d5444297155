using System.Globalization;
using System.Text;

namespace DisruptorStream.Durability.Recording;

/// <summary>A flight recorder, as of about one instant.</summary>
public sealed record FlightRecorderStats
{
    /// <summary>The slot whose state a dump would begin with now; -1 for the first slot.</summary>
    public required long BaseSequence { get; init; }

    /// <summary>The last slot that is recorded; -1 for none.</summary>
    public required long LastSequence { get; init; }

    /// <summary>The bytes of the slots that are held, files that are ready for use left out.</summary>
    public required long JournalBytes { get; init; }

    /// <summary>All memory of the recording: slots, states, and what is kept for the next ones; 0 in files.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>How many states are held.</summary>
    public required int Snapshots { get; init; }

    /// <summary>How long the newest state took to be copied, from its slot to its last byte; zero for none.</summary>
    public required TimeSpan SnapshotTime { get; init; }

    /// <summary>How many dumps were written.</summary>
    public required long Dumps { get; init; }

    /// <summary>
    /// How often a trigger wanted a dump and there was none, for another one was younger than
    /// <see cref="FlightRecorderOptions.DumpInterval"/>.
    /// </summary>
    public required long DumpsSkipped { get; init; }

    /// <summary>How many dumps could not be written.</summary>
    public required long DumpsFailed { get; init; }

    /// <summary>The newest dump; null for none.</summary>
    public required FlightDump? LastDump { get; init; }

    /// <summary>Why the newest dump could not be written; null where it could.</summary>
    public required string? DumpFailure { get; init; }

    /// <summary>Why nothing is recorded any more, though the processor goes on; null where it is.</summary>
    public required string? RecordingFailure { get; init; }

    /// <summary>The first that there is of the two failures; null where all is well.</summary>
    public string? Failure => RecordingFailure ?? DumpFailure;

    /// <summary>All of it in one line, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"slots {BaseSequence + 1:N0} to {LastSequence:N0} held, {JournalBytes:N0} bytes, {Snapshots:N0} states");
        if (MemoryBytes > 0)
            text.Append(CultureInfo.InvariantCulture, $", {MemoryBytes:N0} bytes of memory in all");
        text.Append(CultureInfo.InvariantCulture, $", {Dumps:N0} dumps");
        if (DumpsSkipped > 0)
            text.Append(CultureInfo.InvariantCulture, $", {DumpsSkipped:N0} left out");
        if (DumpsFailed > 0)
            text.Append(CultureInfo.InvariantCulture, $", {DumpsFailed:N0} failed");
        if (LastDump is { } dump)
            text.Append(", the last one: ").Append(dump);
        if (Failure is { } failure)
            text.Append("; ").Append(failure);
        return text.ToString();
    }
}
