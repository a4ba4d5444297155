using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Output;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Cli.Jobs;

/// <summary>All that a job is to do, but for its inputs and outputs.</summary>
internal sealed record JobSettings
{
    public required EventLayout Layout { get; init; }

    /// <summary>The queries, in the order of the layout's; one where there are no names for them.</summary>
    public required IReadOnlyList<QuerySettings> Queries { get; init; }

    /// <summary>Whether the queries have names: each is then one of a stream's.</summary>
    public bool HasNamedQueries => Queries[0].Name is not null;

    /// <summary>Whether rows of several queries go into one output, and so must come in one order.</summary>
    public bool SharesOutput => Queries.Count(query => query.ShowsName) > 1;

    public TimeSpan Offset { get; init; }

    public TimeSpan OutOfOrderness { get; init; }

    public TimeSpan Lateness { get; init; }

    /// <summary>
    /// How far the events of a key may be out of order where each goes by a time of its own; null where none does.
    /// </summary>
    public TimeSpan? KeyTime { get; init; }

    /// <summary>Holds events that are far ahead of their input; null for none.</summary>
    public JumpGuardOptions? JumpGuard { get; init; }

    /// <summary>
    /// The measures of an event where they are known, in their order, also those that nothing reads; null for those of
    /// the layout.
    /// </summary>
    public IReadOnlyList<(string Name, MeasureType Type)>? Measures { get; init; }

    public bool IsStrict { get; init; }

    /// <summary>Whether it is to be said what windows wait for just before the input ends.</summary>
    public bool AsksWhy { get; init; }

    public OutputFormat OutputFormat { get; init; }

    /// <summary>How a table of results looks.</summary>
    public TableStyle TableStyle { get; init; } = TableStyle.Plain;
}
