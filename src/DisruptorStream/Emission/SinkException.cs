using DisruptorStream.Messages;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Emission;

/// <summary>A sink threw, and its <see cref="SinkFailurePolicy"/> says that the processor stops.</summary>
public sealed class SinkException : StreamProcessorException
{
    internal SinkException(
        object sink,
        SinkFailurePolicy policy,
        long firstSequence,
        long lastSequence,
        int attempts,
        Exception innerException)
        : base(Describe(sink, firstSequence, lastSequence, attempts, innerException), innerException)
    {
        Sink = sink;
        Policy = policy;
        FirstSequence = firstSequence;
        LastSequence = lastSequence;
    }

    /// <summary>
    /// The sink that threw: an <see cref="IResultSink{TKey}"/> or an <see cref="IDroppedEventSink{TKey}"/>.
    /// </summary>
    public object Sink { get; }

    /// <summary>What was to become of the failure.</summary>
    internal SinkFailurePolicy Policy { get; }

    /// <summary>The sequence of the first row of the batch that the sink did not accept.</summary>
    public long FirstSequence { get; }

    /// <summary>The sequence of the last row of that batch.</summary>
    public long LastSequence { get; }

    private static string Describe(
        object sink, long firstSequence, long lastSequence, int attempts, Exception innerException) =>
        $"Sink {TypeText.Of(sink.GetType())} failed {attempts} time(s) on the rows of sequences {firstSequence} to " +
        $"{lastSequence} ({TypeText.Of(innerException.GetType())}: {HostFailures.TextOf(innerException)}), and its " +
        "failure policy stops the processor; mend the sink, or give it SinkFailurePolicy.Retry or Skip.";
}
