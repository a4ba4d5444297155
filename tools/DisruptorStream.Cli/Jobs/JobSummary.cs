namespace DisruptorStream.Cli.Jobs;

/// <summary>What a job has done.</summary>
internal sealed record JobSummary(ProcessorStats Stats, long BadLines)
{
    /// <summary>Windows that have failed, and so have no values.</summary>
    public long FailedWindows { get; init; }

    /// <summary>What happened to the first of them; null for none.</summary>
    public string? FirstFailure { get; init; }
}
