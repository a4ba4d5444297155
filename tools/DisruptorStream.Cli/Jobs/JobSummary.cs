using DisruptorStream.Cli.Input;
using DisruptorStream.Expressions.Kernels.Conversions;

namespace DisruptorStream.Cli.Jobs;

/// <summary>What a job has done.</summary>
/// <param name="Stats">What the engine counted.</param>
/// <param name="Lines">What became of the lines.</param>
/// <param name="TextColumns">The columns that had text where a number was needed, and how often.</param>
/// <param name="Problem">Why the results are not what was asked for; null where they are.</param>
internal sealed record JobSummary(
    ProcessorStats Stats,
    LineCounts Lines,
    IReadOnlyDictionary<string, long> TextColumns,
    InvalidDataException? Problem)
{
    public long BadLines => Lines.Bad;

    /// <summary>The cells that were not what an expression needs, and so were null.</summary>
    public IReadOnlyList<UnreadCells> Unread { get; init; } = [];

    /// <summary>Windows that have failed, and so have no values.</summary>
    public long FailedWindows { get; init; }

    /// <summary>What happened to the first of them; null for none.</summary>
    public string? FirstFailure { get; init; }
}
