using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Aggregates;

/// <summary>An aggregate of the job: what it reads, what it is called in the output, and how it is asked for.</summary>
/// <param name="Names">The columns of the output, in their order.</param>
/// <param name="Reads">What it reads of the input.</param>
/// <param name="AddTo">Asks the engine for it.</param>
internal sealed record AggregateColumn(
    IReadOnlyList<string> Names, IReadOnlyList<InputMeasure> Reads, Action<AggregateBuilder> AddTo)
{
    /// <summary>Asks the engine for the digits of the result under a name; null where a double has them all.</summary>
    public Action<AggregateBuilder, string>? AddDigitsTo { get; init; }

    /// <summary>The same with a double alone.</summary>
    public AggregateColumn WithoutDigits() => AddDigitsTo is null ? this : this with
    {
        Reads = [.. Reads.Where(read => read.Kind != MeasureKind.Integer)],
        AddDigitsTo = null,
    };

    /// <summary>Whether it shows cells as they are: numbers or texts.</summary>
    public bool IsShown { get; init; }
}
