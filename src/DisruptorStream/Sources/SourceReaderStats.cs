namespace DisruptorStream.Sources;

/// <summary>What the reader of a source has done so far.</summary>
public sealed record SourceReaderStats
{
    /// <summary>The name of the source.</summary>
    public required string Name { get; init; }

    /// <summary>What it is at.</summary>
    public required SourceReaderState State { get; init; }

    /// <summary>
    /// Where it goes on, behind the events of the last read that was published as a whole; null for a source that is
    /// acknowledged.
    /// </summary>
    public required SourcePosition? Position { get; init; }

    /// <summary>How much it is behind, in units of the source such as bytes; null where it does not say.</summary>
    public required long? Lag { get; init; }

    /// <summary>Events that it has published since the processor was built.</summary>
    public required long EventsPublished { get; init; }

    /// <summary>Events that were acknowledged; 0 for a source that seeks.</summary>
    public required long EventsAcknowledged { get; init; }

    /// <summary>Records that were left out, because they are no events.</summary>
    public required long RecordsRejected { get; init; }

    /// <summary>How often it was opened again after a failure.</summary>
    public required long Restarts { get; init; }

    /// <summary>Failures since it last went well; 0 where it does.</summary>
    public required int ConsecutiveFailures { get; init; }

    /// <summary>The newest failure, as text; null for none.</summary>
    public required string? LastFailure { get; init; }
}
