using HdrHistogram;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>
/// Latencies of the engine beside those of a bare probe on the same schedule, slice by slice in turns.
/// </summary>
internal sealed record LatencyReport
{
    public static readonly double[] Percentiles = [50, 90, 99, 99.9, 99.99, 99.999, 100];

    private const int WarmUpSlices = 3;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    public required int EventsPerSecond { get; init; }

    public required double Seconds { get; init; }

    public required long Results { get; init; }

    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>Measures for about so long in all, half of it the engine.</summary>
    public static async Task<(LatencyReport Report, LongHistogram Engine, LongHistogram Bare)> MeasureAsync(
        int eventsPerSecond, TimeSpan duration)
    {
        var (engine, bare) = (OpenLoop.NewHistogram(), OpenLoop.NewHistogram());
        await using var loop = new OpenLoop(eventsPerSecond);

        // Until the runtime has compiled everything for good: its compiler needs a processor too.
        for (var warmUp = 0; warmUp < WarmUpSlices; warmUp++)
        {
            await loop.RunAsync(Slice, OpenLoop.NewHistogram());
            BareProbe.Run(eventsPerSecond, Slice / 2, OpenLoop.NewHistogram());
        }

        for (var done = TimeSpan.Zero; done < duration; done += 2 * Slice)
        {
            await loop.RunAsync(Slice, engine);
            BareProbe.Run(eventsPerSecond, Slice, bare);
        }

        var report = new LatencyReport
        {
            EventsPerSecond = eventsPerSecond,
            Seconds = duration.TotalSeconds,
            Results = engine.TotalCount,
            Rows = [.. Percentiles.Select(percentile => new Row
            {
                Percentile = percentile,
                EngineMicroseconds = engine.GetValueAtPercentile(percentile) / 1e3,
                ProbeMicroseconds = bare.GetValueAtPercentile(percentile) / 1e3,
            })],
        };
        return (report, engine, bare);
    }

    internal sealed record Row
    {
        public required double Percentile { get; init; }

        public required double EngineMicroseconds { get; init; }

        public required double ProbeMicroseconds { get; init; }
    }
}
