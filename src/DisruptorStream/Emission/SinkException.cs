using DisruptorStream.Emission.Calls;
using DisruptorStream.Messages;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Emission;

/// <summary>A sink threw, and its <see cref="SinkFailurePolicy"/> says that the processor stops.</summary>
public sealed class SinkException : StreamProcessorException
{
    internal SinkException(in FailedCall call, SinkFailurePolicy policy, Exception innerException)
        : base(Describe(call, innerException), innerException)
    {
        Sink = call.Sink;
        Policy = policy;
        HasRows = call.HasRows;
        FirstSequence = call.FirstSequence;
        LastSequence = call.LastSequence;
    }

    /// <summary>
    /// The sink that threw: an <see cref="IResultSink{TKey}"/>, an <see cref="IDroppedEventSink{TKey}"/> or an
    /// <see cref="IAsyncResultSink{TKey}"/>.
    /// </summary>
    public object Sink { get; }

    /// <summary>What was to become of the failure.</summary>
    internal SinkFailurePolicy Policy { get; }

    /// <summary>Whether the sink was given rows, so that the sequences are theirs.</summary>
    internal bool HasRows { get; }

    /// <summary>
    /// The sequence of the first row of the batch that the sink did not accept; for a call without rows, how far the
    /// sink had come.
    /// </summary>
    public long FirstSequence { get; }

    /// <summary>The sequence of the last row of that batch; for a call without rows the same as the first.</summary>
    public long LastSequence { get; }

    private static string Describe(in FailedCall call, Exception innerException)
    {
        var where = call.Name is { } name
            ? $"in {name}, after sequence {call.LastSequence},"
            : $"on the rows of sequences {call.FirstSequence} to {call.LastSequence}";
        return $"Sink {TypeText.Of(call.Sink.GetType())} failed {call.Attempts} time(s) {where} "
            + $"({TypeText.Of(innerException.GetType())}: {HostFailures.TextOf(innerException)}), and its failure "
            + "policy stops the processor; mend the sink, or give it SinkFailurePolicy.Retry or Skip.";
    }
}
