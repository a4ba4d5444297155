namespace DisruptorStream.Cluster;

/// <summary>A record of an input is no event, or no key or time can be read of one of its events.</summary>
/// <remarks>
/// The partition stays before it. <see cref="PartitionOptions{TEvent}.OnBadRecord"/> can leave it out.
/// </remarks>
public sealed class BadInputException : StreamProcessorException
{
    /// <summary>One without a message of its own.</summary>
    public BadInputException()
        : this("A record of an input is no event.")
    {
    }

    /// <param name="message">Which record, and what is wrong.</param>
    public BadInputException(string message)
        : base(message)
    {
    }

    /// <param name="message">Which record, and what is wrong.</param>
    /// <param name="innerException">What says so.</param>
    public BadInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
