namespace DisruptorStream.Durability;

/// <summary>
/// A directory of a durable processor cannot be used: another one has it, it is damaged, or it is that of another plan.
/// The message says which, where, and what to do.
/// </summary>
public sealed class DurabilityException : StreamProcessorException
{
    /// <summary>Creates one without a message.</summary>
    public DurabilityException()
    {
    }

    /// <summary>Creates one with a message that says what happened, where, and what to do next.</summary>
    public DurabilityException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public DurabilityException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
