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
            $"Stage '{stage}' failed at sequence {SequenceOf(cause, sequence)} and the processor has stopped"
            + (cause is SinkException sink ? $": sink {TypeText.Of(sink.Sink.GetType())}, policy {sink.Policy}" : "")
            + ". See the inner exception, and build a new processor to go on.",
            cause)
    {
        Stage = stage;
        Sequence = SequenceOf(cause, sequence);
    }

    /// <summary>The stage that failed.</summary>
    public string Stage { get; } = "";

    /// <summary>The slot that the stage was handling; -1 for none.</summary>
    /// <remarks>
    /// <para>For a sink that refused results, the slot that caused the last one of them: the failure is of a slot at it
    /// or before it, and not before <see cref="SinkException.FirstSequence"/> of the inner exception. A replay of
    /// the recording names the same slot where it hands over the same results together.</para>
    /// <para>For other stages it is about the slot: they handle neighbours in one step.</para>
    /// </remarks>
    public long Sequence { get; } = -1;

    /// <summary>A sink knows whose results it had: by then, its thread may be some slots further.</summary>
    internal static long SequenceOf(Exception? cause, long handled) =>
        cause is SinkException { HasRows: true } sink ? sink.LastSequence : handled;
}
