namespace DisruptorStream.Cluster;

/// <summary>
/// The log of results goes on with another query than this one, or this one cannot go on with what another has left.
/// </summary>
/// <remarks>
/// The partition is not owned then. The message says which query there is, and what to do: mostly to raise
/// <see cref="PartitionOptions{TEvent}.Version"/>, or to say by <c>UpgradeFrom</c> what the query was.
/// </remarks>
public sealed class PartitionPlanException : StreamProcessorException
{
    /// <summary>One without a message of its own.</summary>
    public PartitionPlanException()
        : this("The log of results is that of another query.")
    {
    }

    /// <param name="message">Which query is there, and what to do.</param>
    public PartitionPlanException(string message)
        : base(message)
    {
    }

    /// <param name="message">Which query is there, and what to do.</param>
    /// <param name="innerException">What says so.</param>
    public PartitionPlanException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
