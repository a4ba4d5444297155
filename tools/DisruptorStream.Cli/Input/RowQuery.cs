using DisruptorStream.Cli.Aggregates;

namespace DisruptorStream.Cli.Input;

/// <summary>What a query takes of the rows.</summary>
/// <param name="KeyColumns">
/// The columns of its key; "@file" alone for the name of the input; none for one group.
/// </param>
/// <param name="KeyNames">What they are called in its results.</param>
/// <param name="Conditions">A bit for each condition that must be true of a row.</param>
/// <param name="Reads">What it measures, and how.</param>
internal sealed record RowQuery(
    IReadOnlyList<string> KeyColumns,
    IReadOnlyList<string> KeyNames,
    ulong Conditions,
    IReadOnlyList<InputMeasure> Reads);
