using DisruptorStream.Rings;

namespace DisruptorStream.LoadTests.Latencies;

/// <summary>What firing a window of many keys costs those who wait for it, and those who do not.</summary>
internal sealed record FiringReport
{
    private const int WarmUpWindows = 20;
    private const double WarmUpPauseSeconds = 0.5;

    public required int EventsPerSecond { get; init; }

    public required int Keys { get; init; }

    public required WaitStrategyKind Wait { get; init; }

    public required long Firings { get; init; }

    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>Measures for about so long, on a thread of its own.</summary>
    public static FiringReport Measure(int eventsPerSecond, int keys, TimeSpan duration, WaitStrategyKind wait)
    {
        using var loop = new FiringLoop(eventsPerSecond, keys, wait);
        var thread = new Thread(() =>
        {
            for (var warmUp = 0; warmUp < 2; warmUp++)
            {
                loop.Run(WarmUpWindows, record: false);
                Thread.Sleep(TimeSpan.FromSeconds(WarmUpPauseSeconds));
            }

            loop.Run(Math.Max(2, (int)(eventsPerSecond * duration.TotalSeconds / (10 * keys))), record: true);
        });
        thread.Start();
        thread.Join();
        return new FiringReport
        {
            EventsPerSecond = eventsPerSecond,
            Keys = keys,
            Wait = wait,
            Firings = loop.Last.TotalCount,
            Rows = [.. new[] { 50, 90, 99, 100.0 }.Select(percentile => new Row
            {
                Percentile = percentile,
                FirstResultMicroseconds = loop.First.Microseconds(percentile),
                LastResultMicroseconds = loop.Last.Microseconds(percentile),
                LongestHoldMicroseconds = loop.Hold.Microseconds(percentile),
            })],
        };
    }

    internal sealed record Row
    {
        public required double Percentile { get; init; }

        public required double FirstResultMicroseconds { get; init; }

        public required double LastResultMicroseconds { get; init; }

        /// <summary>
        /// Of the times for which slots lay in the ring and none was taken, the longest of each firing.
        /// </summary>
        public required double LongestHoldMicroseconds { get; init; }
    }
}
