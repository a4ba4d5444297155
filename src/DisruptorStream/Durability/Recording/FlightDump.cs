using System.Globalization;

namespace DisruptorStream.Durability.Recording;

/// <summary>A flight recording that was written to a directory.</summary>
/// <remarks>
/// The directory has the form of that of a durable processor: <c>Replay.Run</c>, <c>dstream replay</c> and all other
/// commands that read one take it.
/// </remarks>
public sealed record FlightDump
{
    /// <summary>The directory, as a whole path.</summary>
    public required string Directory { get; init; }

    /// <summary>Why it was written.</summary>
    public required DumpCause Cause { get; init; }

    /// <summary>When, by the clock of the processor.</summary>
    public required DateTimeOffset Taken { get; init; }

    /// <summary>The slot whose state it begins with; -1 where it begins with the first slot.</summary>
    public required long BaseSequence { get; init; }

    /// <summary>The last slot that is in it; -1 for none.</summary>
    public required long LastSequence { get; init; }

    /// <summary>How many bytes were written.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many slots a replay handles: events, watermarks, ticks of the clock and the like.</summary>
    public long Slots => LastSequence - BaseSequence;

    /// <summary>For people, on one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Slots:N0} slots behind slot {BaseSequence:N0}, {Bytes:N0} bytes, in '{Directory}' ({Cause})");
}
