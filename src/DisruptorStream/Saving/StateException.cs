namespace DisruptorStream.Saving;

/// <summary>
/// A saved state cannot be read: it is damaged, not whole, of a newer release, or of another processor.
/// </summary>
/// <remarks>No public call saves or loads a processor yet.</remarks>
public class StateException : StreamProcessorException
{
    /// <summary>Creates one without a message.</summary>
    public StateException()
    {
    }

    /// <summary>Creates one with a message that says what is wrong, where, and what to do next.</summary>
    public StateException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public StateException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
