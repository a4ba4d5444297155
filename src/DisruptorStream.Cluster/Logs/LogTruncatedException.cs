namespace DisruptorStream.Cluster.Logs;

/// <summary>Records that are asked for are no longer kept by the log.</summary>
/// <remarks>Keep records for longer than the time between two checkpoints.</remarks>
public sealed class LogTruncatedException : StreamProcessorException
{
    /// <summary>One without a message of its own.</summary>
    public LogTruncatedException()
        : this("Records that are asked for are no longer kept by the log.")
    {
    }

    /// <param name="message">Which partition, and which records.</param>
    public LogTruncatedException(string message)
        : base(message)
    {
    }

    /// <param name="message">Which partition, and which records.</param>
    /// <param name="innerException">What says so.</param>
    public LogTruncatedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
