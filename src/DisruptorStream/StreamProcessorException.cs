namespace DisruptorStream;

/// <summary>The base of what the engine throws on its own account.</summary>
public class StreamProcessorException : Exception
{
    /// <summary>Creates one without a message.</summary>
    public StreamProcessorException()
    {
    }

    /// <summary>Creates one with a message that says what happened, where, and what to do next.</summary>
    public StreamProcessorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public StreamProcessorException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
