using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Aggregates;

/// <summary>What a job reads of a column.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">What is read.</param>
/// <param name="KeepsText">Whether its text is shown somewhere; else its hash is enough.</param>
internal sealed record InputMeasure(string Name, MeasureKind Kind, bool KeepsText = false)
{
    private static readonly string[] Suffixes = [" as a number", " as an integer", " as text", " as shown"];

    /// <summary>What the engine calls it: the name of the column, where nothing else is called so.</summary>
    public string EngineName => Kind == MeasureKind.Number && !Array.Exists(
        Suffixes, suffix => Name.EndsWith(suffix, StringComparison.Ordinal))
            ? Name
            : Name + Suffixes[(int)Kind];

    /// <summary>How the engine reads it.</summary>
    public MeasureType Type => Kind == MeasureKind.Number ? MeasureType.Double : MeasureType.Symbol;
}
