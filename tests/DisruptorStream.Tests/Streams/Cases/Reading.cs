namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>An event of random streams: four keys, three measures.</summary>
internal readonly record struct Reading(
    long Ticks, string? Text, int Number, string? Letter, long Wide, double First, double Second, long Whole)
{
    /// <summary>Filters that queries and metrics draw from.</summary>
    public static Func<Reading, bool>[] Filters { get; } =
    [
        one => one.Whole % 2 == 0,
        one => one.First > 0,
        one => one.Number > 1,
        one => one.Text is not null,
        _ => false,
        _ => true,
    ];
}
