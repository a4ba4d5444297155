namespace DisruptorStream.Cli.Jobs;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>An input cannot be read, an output cannot be written, or a window has failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>A line cannot be read, and the job is strict.</summary>
    public const int BadLine = 3;

    /// <summary>Interrupted, as by Ctrl-C.</summary>
    public const int Cancelled = 130;
}
