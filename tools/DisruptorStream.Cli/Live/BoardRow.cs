using DisruptorStream.Statistics;

namespace DisruptorStream.Cli.Live;

/// <summary>What the newest window says about a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="WindowEnd">The end of the window.</param>
/// <param name="Calls">The calls in it.</param>
/// <param name="Rate">Calls in a second.</param>
/// <param name="P50">The median of the latency, in milliseconds.</param>
/// <param name="P95">The 95th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="Score">How unusual the 95th percentile is for this key.</param>
/// <param name="Anomalies">The windows so far whose 95th percentile was an anomaly.</param>
internal sealed record BoardRow(
    string Key,
    DateTimeOffset WindowEnd,
    double Calls,
    double Rate,
    double P50,
    double P95,
    double P99,
    AnomalyScore Score,
    int Anomalies);
