namespace DisruptorStream.Cluster;

/// <summary>
/// The same input in the same order has given other results than those in the log: the query, its code or the input is
/// no longer what it was.
/// </summary>
/// <remarks>
/// The partition is not owned then, since its results would not follow from those before. Start a topic anew for
/// another query.
/// </remarks>
public sealed class PartitionDivergedException : StreamProcessorException
{
    /// <summary>One without a message of its own.</summary>
    public PartitionDivergedException()
        : this("The same input has given other results than those in the log.")
    {
    }

    /// <param name="message">Which record, and what differs.</param>
    public PartitionDivergedException(string message)
        : base(message)
    {
    }

    /// <param name="message">Which record, and what differs.</param>
    /// <param name="innerException">What says so.</param>
    public PartitionDivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
