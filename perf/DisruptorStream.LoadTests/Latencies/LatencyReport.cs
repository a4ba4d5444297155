using DisruptorStream.Rings;
using HdrHistogram;

namespace DisruptorStream.LoadTests.Latencies;

/// <summary>
/// Latencies of the engine beside those of a bare probe on the same schedule, slice by slice in turns.
/// </summary>
internal sealed record LatencyReport
{
    private const int WarmUps = 12;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.1);

    public required int EventsPerSecond { get; init; }

    public required double Seconds { get; init; }

    public required WaitStrategyKind Wait { get; init; }

    public required long Results { get; init; }

    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>Measures for about so long in all, half of it the engine, on a thread of its own.</summary>
    public static (LatencyReport Report, LongHistogram Engine, LongHistogram Bare) Measure(
        int eventsPerSecond, TimeSpan duration, WaitStrategyKind wait)
    {
        var (engine, bare, delays) =
            (Percentiles.NewHistogram(), Percentiles.NewHistogram(), Percentiles.NewHistogram());
        var thread = new Thread(() => TakeTurns(eventsPerSecond, duration, wait, engine, bare, delays));
        thread.Start();
        thread.Join();
        var report = new LatencyReport
        {
            EventsPerSecond = eventsPerSecond,
            Seconds = duration.TotalSeconds,
            Wait = wait,
            Results = engine.TotalCount,
            Rows = [.. Percentiles.Shown.Select(percentile => new Row
            {
                Percentile = percentile,
                EngineMicroseconds = engine.Microseconds(percentile),
                PublisherMicroseconds = delays.Microseconds(percentile),
                ProbeMicroseconds = bare.Microseconds(percentile),
            })],
        };
        return (report, engine, bare);
    }

    private static void TakeTurns(
        int eventsPerSecond,
        TimeSpan duration,
        WaitStrategyKind wait,
        LongHistogram engine,
        LongHistogram bare,
        LongHistogram delays)
    {
        using var probe = new BareProbe(eventsPerSecond);

        // A worker that never parks would take the probe's processor: it is built anew for each of its turns.
        var parks = wait is WaitStrategyKind.Adaptive or WaitStrategyKind.Blocking;
        var loop = new OpenLoop(eventsPerSecond, wait);
        for (var done = -WarmUps; done * Slice < duration / 2; done++)
        {
            var isWarmUp = done < 0;
            var length = isWarmUp ? WarmUp : Slice;
            loop.Run(
                length,
                isWarmUp ? Percentiles.NewHistogram() : engine,
                isWarmUp ? Percentiles.NewHistogram() : delays);
            if (!parks)
                loop.Dispose();
            probe.Run(length, isWarmUp ? Percentiles.NewHistogram() : bare);
            if (!parks)
                loop = new OpenLoop(eventsPerSecond, wait);

            // The runtime's compiler needs a processor for a while, which nobody leaves it otherwise.
            if (isWarmUp)
                Thread.Sleep(WarmUp);
        }

        loop.Dispose();
    }

    internal sealed record Row
    {
        public required double Percentile { get; init; }

        public required double EngineMicroseconds { get; init; }

        /// <summary>How late the publisher itself was: part of the engine's figure.</summary>
        public required double PublisherMicroseconds { get; init; }

        public required double ProbeMicroseconds { get; init; }
    }
}
