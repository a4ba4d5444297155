using DisruptorStream.Hosting.Validation;

namespace DisruptorStream.Hosting.Health;

/// <summary>The thresholds of a processor's health check.</summary>
public sealed class ProcessorHealthOptions
{
    /// <summary>
    /// Degraded above this part of the recent events being dropped: 0 to 1. Default 0.01. Recent is what came since an
    /// earlier check, at least <see cref="MinimumEvents"/> of them.
    /// </summary>
    [NumberRange(0, 1)]
    public double DropRateLimit { get; set; } = 0.01;

    /// <summary>
    /// How many events the drop rate is taken over at least; a slow stream is judged over as long as they take. 1 to
    /// 1,000,000,000; default 100.
    /// </summary>
    [WholeRange(1, 1_000_000_000)]
    public int MinimumEvents { get; set; } = 100;

    /// <summary>
    /// How long the recent time is at least that drops are looked for in, so that several who ask do not shorten each
    /// other's interval. Zero to one hour; default 5 seconds.
    /// </summary>
    [TimeRange("00:00:00", "01:00:00")]
    public TimeSpan MinimumInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Degraded above this many open windows for each key, on average: 1 to 16,777,216. Default null: the processor's
    /// own <see cref="StreamProcessorOptions.MaxWindowsPerKey"/>.
    /// </summary>
    /// <remarks>
    /// Windows that the processor keeps for each key never exceed its own limit, and shared slices count once for all
    /// keys. Degraded, therefore, also where one of the processor's limits has lately cost a window or an event.
    /// </remarks>
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
