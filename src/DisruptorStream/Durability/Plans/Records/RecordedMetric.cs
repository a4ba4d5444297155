using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Plans.Records;

/// <summary>A metric of a query, and the accumulator that it is read from.</summary>
internal sealed record RecordedMetric : INamed
{
    /// <summary>The user's name of it.</summary>
    public required string Name { get; init; }

    /// <summary>How it is read, for people and for comparison.</summary>
    public required string Text { get; init; }

    /// <summary>The place of its accumulator; -1 for a metric that is made of others.</summary>
    public required int Accumulator { get; init; }

    /// <summary>The identities of all accumulators that it could be read from.</summary>
    public required IReadOnlyList<Fingerprint> Sources { get; init; }

    /// <summary>Whether every accumulator that counts the same events will do.</summary>
    public required bool IsCount { get; init; }

    /// <summary>The filter of its events; null for all events.</summary>
    public required string? Filter { get; init; }

    /// <summary>Whether it can be read from a saved accumulator.</summary>
    public bool CanRead(RecordedAccumulator saved)
    {
        if (IsCount && saved.CountsEvents && string.Equals(saved.Filter, Filter, StringComparison.Ordinal))
            return true;
        foreach (var source in Sources)
        {
            if (source == saved.Identity)
                return true;
        }

        return false;
    }
}
