using DisruptorStream.Emission;
using DisruptorStream.Messages;

namespace DisruptorStream;

/// <summary>A stage failed and the processor has stopped; the inner exception is the cause.</summary>
public sealed class PipelineException : StreamProcessorException
{
    /// <summary>Creates one without a message.</summary>
    public PipelineException()
    {
    }

    /// <summary>Creates one with a message.</summary>
    public PipelineException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public PipelineException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal PipelineException(string stage, long sequence, Exception? cause)
        : base(
            $"Stage '{stage}' failed at sequence {sequence} and the processor has stopped"
            + (cause is SinkException sink ? $": sink {TypeText.Of(sink.Sink.GetType())}, policy {sink.Policy}" : "")
            + ". See the inner exception, and build a new processor to go on.",
            cause)
    {
        Stage = stage;
        Sequence = sequence;
    }

    /// <summary>The stage that failed.</summary>
    public string Stage { get; } = "";

    /// <summary>The sequence that it was handling.</summary>
    public long Sequence { get; } = -1;
}
