namespace DisruptorStream;

/// <summary>The processor takes no more: it was stopped, disposed, or has failed.</summary>
public sealed class ProcessorStoppedException : StreamProcessorException
{
    /// <summary>Creates one without a message.</summary>
    public ProcessorStoppedException()
    {
    }

    /// <summary>Creates one with a message that says why the processor stopped.</summary>
    public ProcessorStoppedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public ProcessorStoppedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
