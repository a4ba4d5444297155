using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Expressions.Kernels.Conversions;

namespace DisruptorStream.Cli.Jobs;

/// <summary>What a job has done.</summary>
/// <param name="Queries">What each query has done.</param>
/// <param name="Lines">What became of the lines.</param>
/// <param name="TextColumns">The columns that had text where a number was needed, and how often.</param>
/// <param name="Problem">Why the results are not what was asked for; null where they are.</param>
internal sealed record JobSummary(
    IReadOnlyList<QuerySummary> Queries,
    LineCounts Lines,
    IReadOnlyDictionary<string, long> TextColumns,
    InvalidDataException? Problem)
{
    public long BadLines => Lines.Bad;

    /// <summary>The cells that were not what an expression needs, and so were null.</summary>
    public IReadOnlyList<UnreadCells> Unread { get; init; } = [];

    /// <summary>What the engine counted for the first query.</summary>
    public ProcessorStats Stats => Queries[0].Stats;

    /// <summary>Windows that have failed, and so have no values.</summary>
    public long FailedWindows => Queries.Sum(query => query.FailedWindows);
}
