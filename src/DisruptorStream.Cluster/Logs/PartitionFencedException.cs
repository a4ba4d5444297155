namespace DisruptorStream.Cluster.Logs;

/// <summary>Somebody else owns the partition: what was to be written was refused, and nothing was changed.</summary>
/// <remarks>No fault: the new owner goes on where the refused one was. The refused one stops.</remarks>
public sealed class PartitionFencedException : StreamProcessorException
{
    /// <summary>One without a message of its own.</summary>
    public PartitionFencedException()
        : this("Somebody else owns the partition.")
    {
    }

    /// <param name="message">Which partition, and what was refused.</param>
    public PartitionFencedException(string message)
        : base(message)
    {
    }

    /// <param name="message">Which partition, and what was refused.</param>
    /// <param name="innerException">How the server said so.</param>
    public PartitionFencedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
