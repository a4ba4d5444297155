namespace DisruptorStream.Sources;

/// <summary>A source cannot give any more what comes behind a position.</summary>
public sealed class SourcePositionException : StreamProcessorException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public SourcePositionException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Which source and which place, what is wrong with it, and what to do.</param>
    public SourcePositionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a cause.</summary>
    /// <param name="message">Which source and which place, what is wrong with it, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public SourcePositionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
