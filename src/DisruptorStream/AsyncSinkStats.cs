namespace DisruptorStream;

/// <summary>What an asynchronous sink has done so far.</summary>
public sealed record AsyncSinkStats
{
    /// <summary>The type of the sink, for people.</summary>
    public required string Name { get; init; }

    /// <summary>How many results may wait for it.</summary>
    public required int Capacity { get; init; }

    /// <summary>Results that wait for it now, those of the write that is under way included.</summary>
    public required long ResultsQueued { get; init; }

    /// <summary>Results that it has written.</summary>
    public required long ResultsWritten { get; init; }

    /// <summary>Results that it went without, because a write failed and its policy says skip.</summary>
    public required long ResultsSkipped { get; init; }

    /// <summary>
    /// The number of the last result that it holds: that of its last write, or what a durable sink said when it was
    /// opened; 0 for none. What the query has given beyond it waits, or was skipped.
    /// </summary>
    public required long NumberHeld { get; init; }

    /// <summary>
    /// Results that it was to write and never has, because the processor was aborted or the sink has failed for good.
    /// </summary>
    public required long ResultsDiscarded { get; init; }

    /// <summary>Calls that failed, retries included.</summary>
    public required long Failures { get; init; }

    /// <summary>Calls that were made because the one before had failed.</summary>
    public required long Retries { get; init; }

    /// <summary>What its last call threw that failed, as text; null where none has failed.</summary>
    public required string? LastFailure { get; init; }

    /// <summary>How often its full queue held the emitting thread, or, Inline, a publisher.</summary>
    public required long Blocks { get; init; }

    /// <summary>For how long, in all; the present wait left out.</summary>
    public required TimeSpan BlockedTime { get; init; }
}
