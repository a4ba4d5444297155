namespace DisruptorStream.Cluster.Checkpoints;

/// <summary>
/// A checkpoint is there, and is not what was written. It is passed over: the logs are read, and the next checkpoint
/// takes its place.
/// </summary>
public sealed class DamagedCheckpointException : StreamProcessorException
{
    /// <summary>One without a message of its own.</summary>
    public DamagedCheckpointException()
        : this("The checkpoint is damaged.")
    {
    }

    /// <param name="message">Which checkpoint, and what is wrong with it.</param>
    public DamagedCheckpointException(string message)
        : base(message)
    {
    }

    /// <param name="message">Which checkpoint, and what is wrong with it.</param>
    /// <param name="innerException">What says so.</param>
    public DamagedCheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The revision that a write names to replace it.</summary>
    public long Revision { get; init; }
}
