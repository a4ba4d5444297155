using DisruptorStream.Reporting.Answers;

namespace DisruptorStream.Cli.Jobs.Queries;

/// <summary>What a query has done.</summary>
/// <param name="Name">Its name; null for the only query of a job.</param>
/// <param name="Stats">What the engine counted.</param>
/// <param name="FailedWindows">Windows that have failed, and so have no values.</param>
/// <param name="FirstFailure">What happened to the first of them; null for none.</param>
internal sealed record QuerySummary(string? Name, ProcessorStats Stats, long FailedWindows, string? FirstFailure)
{
    /// <summary>Why it gave no more results, as the engine says it after the end.</summary>
    public required NoResultAnswer Why { get; init; }

    /// <summary>The same as of just before the input ended; null where nobody asks.</summary>
    public NoResultAnswer? AtEnd { get; init; }
}
