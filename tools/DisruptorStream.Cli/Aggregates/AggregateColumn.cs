using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Aggregates;

/// <summary>An aggregate of the job: what it reads, what it is called in the output, and how it is asked for.</summary>
/// <param name="Names">The columns of the output, in their order.</param>
/// <param name="Numbers">The columns of the input that it computes with.</param>
/// <param name="Counted">A column of the input that it only counts, which may be text; null for none.</param>
/// <param name="ShowsCounted">Whether values of that column are shown.</param>
/// <param name="AddTo">Asks the engine for it.</param>
internal sealed record AggregateColumn(
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Numbers,
    string? Counted,
    bool ShowsCounted,
    Action<AggregateBuilder> AddTo);
