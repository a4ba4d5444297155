namespace DisruptorStream.Conformance.Cases;

/// <summary>What happens in one step of a watermark vector.</summary>
internal abstract record SourceStep
{
    /// <param name="Source">The source.</param>
    /// <param name="Time">The event's time.</param>
    /// <param name="Key">Its key; the same one where the vector says none.</param>
    internal sealed record Event(string Source, long Time, string Key) : SourceStep;

    internal sealed record Watermark(string Source, long Time) : SourceStep;

    /// <param name="Kind">idle, active, done, added or removed.</param>
    /// <param name="Source">The source.</param>
    internal sealed record Change(string Kind, string Source) : SourceStep;

    internal sealed record Clock(long Time) : SourceStep;
}
