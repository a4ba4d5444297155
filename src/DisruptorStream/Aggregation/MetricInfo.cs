namespace DisruptorStream.Aggregation;

/// <summary>A column of the results: its name, and how its 64 bits are to be read.</summary>
internal sealed record MetricInfo(string Name, MeasureType Type);
