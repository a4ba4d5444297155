namespace DisruptorStream.Aggregation.Metrics;

/// <summary>A column of the results: its name, and how its 64 bits are to be read.</summary>
internal sealed record MetricInfo(string Name, MeasureType Type);
