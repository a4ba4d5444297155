namespace DisruptorStream.Events;

/// <summary>The earliest and the latest of some timestamps, in ticks.</summary>
internal readonly record struct TimestampRange(long Earliest, long Latest)
{
    /// <summary>Of no timestamps.</summary>
    public static TimestampRange Empty { get; } = new(long.MaxValue, long.MinValue);

    /// <summary>What is known of timestamps that nobody has looked at.</summary>
    public static TimestampRange Unknown { get; } = new(long.MinValue, long.MaxValue);

    /// <summary>Whether all lie in [start, end).</summary>
    public bool LiesIn(long start, long end) => Earliest >= start && Latest < end;
}
