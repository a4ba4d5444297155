namespace DisruptorStream.Aggregation.Metrics;

/// <summary>A column of the results.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its 64 bits are to be read.</param>
/// <param name="IsCount">Whether it counts something, of which there is nothing in a window without events.</param>
internal sealed record MetricInfo(string Name, MeasureType Type, bool IsCount);
