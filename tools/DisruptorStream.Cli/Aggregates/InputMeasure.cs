using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Aggregates;

/// <summary>A column of the input that is aggregated.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">A double, or a symbol where it is only counted.</param>
/// <param name="KeepsText">Whether a symbol's text is shown somewhere; else its hash is enough.</param>
internal sealed record InputMeasure(string Name, MeasureType Type, bool KeepsText);
