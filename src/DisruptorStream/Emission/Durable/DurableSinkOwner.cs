namespace DisruptorStream.Emission.Durable;

/// <summary>For whom a durable sink is opened.</summary>
public sealed record DurableSinkOwner
{
    /// <summary>The processor's name.</summary>
    public required string ProcessorName { get; init; }

    /// <summary>The query's name; that of the processor where it has one query only.</summary>
    public required string QueryName { get; init; }

    /// <summary>
    /// Tells those apart who have owned the processor's durable state: each run has a higher one than those before it,
    /// above 0, and not the next number; two that begin with copies of one directory have different ones. 0 where the
    /// processor is not durable.
    /// </summary>
    public required long Epoch { get; init; }

    /// <summary>
    /// Which durable state it is: 32 hexadecimal digits, made when the directory is first used. A copy of the directory
    /// has the same. Empty where the processor is not durable.
    /// </summary>
    public string StreamId { get; init; } = "";

    /// <summary>
    /// Equal for as long as the numbers of the query's results go on: 32 hexadecimal digits, made of its name, keys,
    /// filter and windows. Metrics may come and go, and options may change.
    /// </summary>
    public required string PlanFingerprint { get; init; }
}
