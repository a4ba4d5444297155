namespace DisruptorStream.Telemetry;

/// <summary>What a <see cref="RecentHistogram"/> holds.</summary>
/// <param name="Count">How many durations.</param>
/// <param name="P50">The median.</param>
/// <param name="P95">The 95th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
internal sealed record RecentPercentiles(long Count, TimeSpan P50, TimeSpan P95, TimeSpan P99);
