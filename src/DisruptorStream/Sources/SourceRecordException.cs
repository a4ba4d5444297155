namespace DisruptorStream.Sources;

/// <summary>A record of a source is no event, and the options say that the source stops there.</summary>
public sealed class SourceRecordException : StreamProcessorException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public SourceRecordException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Which record, what is wrong with it, and what to do.</param>
    public SourceRecordException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a cause.</summary>
    /// <param name="message">Which record, what is wrong with it, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public SourceRecordException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
