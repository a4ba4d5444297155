using DisruptorStream.Cli.Aggregates;

namespace DisruptorStream.Cli.Input;

/// <summary>A column that is measured: where it is, and which measures of the event it makes; -1 for none.</summary>
internal sealed record MeasuredCell(string Name, int Field)
{
    /// <summary>A bit for each query that reads it as a number.</summary>
    public ulong NumberUsers { get; init; }

    /// <summary>A bit for each query that reads it as a text, or shows it.</summary>
    public ulong TextUsers { get; init; }

    public int NumberAt { get; private init; } = -1;

    public int IntegerAt { get; private init; } = -1;

    public int TextAt { get; private init; } = -1;

    public bool KeepsText { get; private init; }

    public int ShownAt { get; private init; } = -1;

    public static MeasuredCell Of(string name, int field, IReadOnlyList<InputMeasure> measures) =>
        Of(name, field, measures, measures);

    /// <summary>What some reads alone make of it.</summary>
    public static MeasuredCell Of(
        string name, int field, IReadOnlyList<InputMeasure> measures, IReadOnlyList<InputMeasure> reads)
    {
        var cell = new MeasuredCell(name, field);
        for (var index = 0; index < measures.Count; index++)
        {
            var kind = measures[index].Kind;
            if (measures[index].Name != name || !reads.Any(read => read.Name == name && read.Kind == kind))
                continue;
            cell = kind switch
            {
                MeasureKind.Number => cell with { NumberAt = index },
                MeasureKind.Integer => cell with { IntegerAt = index },
                MeasureKind.Text => cell with { TextAt = index, KeepsText = measures[index].KeepsText },
                _ => cell with { ShownAt = index },
            };
        }

        return cell;
    }
}
