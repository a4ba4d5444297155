namespace DisruptorStream;

/// <summary>The processor takes no more: it was stopped, disposed, or has failed.</summary>
public sealed class ProcessorStoppedException : StreamProcessorException
{
    /// <summary>Creates one that says that the processor was stopped.</summary>
    public ProcessorStoppedException()
        : base("The processor was stopped and takes no more events; build a new one to go on.")
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

    internal static ProcessorStoppedException Of(string processor) => new(
        $"The processor '{processor}' was stopped and takes no more events; build a new one to go on.");
}
