namespace DisruptorStream.Cli.Jobs;

/// <summary>What a job has done.</summary>
internal sealed record JobSummary(ProcessorStats Stats, long BadLines);
