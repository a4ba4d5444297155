using DisruptorStream.Hosting.Validation;

namespace DisruptorStream.Hosting.Health;

/// <summary>The thresholds of a processor's health check.</summary>
public sealed class ProcessorHealthOptions
{
    /// <summary>
    /// Degraded above this part of the events being dropped, since the check before: 0 to 1. Default 0.01.
    /// </summary>
    [NumberRange(0, 1)]
    public double DropRateLimit { get; set; } = 0.01;

    /// <summary>
    /// How many events the drop rate is taken over at least; fewer are not judged. 1 to 1,000,000,000; default 100.
    /// </summary>
    [WholeRange(1, 1_000_000_000)]
    public int MinimumEvents { get; set; } = 100;

    /// <summary>
    /// How old the figures must be that drops are compared with before newer ones take their place, so that several who
    /// ask do not shorten each other's interval. Zero to one hour; default 5 seconds.
    /// </summary>
    [TimeRange("00:00:00", "01:00:00")]
    public TimeSpan MinimumInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Degraded above this many open windows for each key, on average: 1 to 16,777,216. Default null: the processor's
    /// own <see cref="StreamProcessorOptions.MaxWindowsPerKey"/>.
    /// </summary>
    [WholeRange(1, 1 << 24)]
    public int? WindowsPerKeyLimit { get; set; }

    /// <summary>
    /// Degraded where the 99th percentile of the time from publication to result is above this: 1 ms to 1 day. Default
    /// 100 ms.
    /// </summary>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan LatencyLimit { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Degraded where events come, but the watermark has not moved for longer than this: 1 second to 1 day. Default 1
    /// minute.
    /// </summary>
    [TimeRange("00:00:01", "1.00:00:00")]
    public TimeSpan WatermarkStallLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Unhealthy from this many calls of one sink on that failed in a row: 1 to 1,000,000. Default 3.
    /// </summary>
    [WholeRange(1, 1_000_000)]
    public int SinkFailureLimit { get; set; } = 3;
}
