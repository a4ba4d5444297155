namespace DisruptorStream.Cli.Aggregates;

/// <summary>One column of the results: a function of a column of the input.</summary>
/// <param name="Function">What is computed.</param>
/// <param name="Measure">The input's column; null for a count.</param>
/// <param name="Name">The name in the output.</param>
internal sealed record AggregateColumn(AggregateFunction Function, string? Measure, string Name);
