using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Plans.Records;

/// <summary>An accumulator of each record of a query, and how a saved one is read.</summary>
internal sealed record RecordedAccumulator
{
    /// <summary>Equal for accumulators whose states are interchangeable.</summary>
    public required Fingerprint Identity { get; init; }

    /// <summary>For people, such as <c>moments(latency)</c>.</summary>
    public required string Text { get; init; }

    /// <summary>Where it lies in the record, in bytes.</summary>
    public required int Offset { get; init; }

    /// <summary>Its length there.</summary>
    public required int SizeBytes { get; init; }

    /// <summary>Whether it keeps more than its bytes in the record.</summary>
    public required bool HasBlocks { get; init; }

    /// <summary>What one is made of again to read what was saved; null where that is never needed.</summary>
    public RecordedForm? Form { get; init; }

    /// <summary>Whether a count of events can be read from it.</summary>
    public required bool CountsEvents { get; init; }

    /// <summary>The filter of its events; null for all events.</summary>
    public required string? Filter { get; init; }
}
