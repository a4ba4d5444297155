using DisruptorStream.Emission.Calls;
using DisruptorStream.Messages;

namespace DisruptorStream.Emission.Delivery;

/// <summary>The sinks of a processor, for its life cycle and its figures.</summary>
internal sealed class ProcessorOutputs<TKey> : IOutputs, ISinkFailureSource
{
    private readonly ResultDispatcher<TKey> _dispatcher;

    /// <param name="dispatcher">Calls the sinks.</param>
    public ProcessorOutputs(ResultDispatcher<TKey> dispatcher) => _dispatcher = dispatcher;

    public string? Holder => _dispatcher.Calls.Current is { } sink
        ? $"the sink '{TypeText.Of(sink.GetType())}' is in the middle of a call and holds the engine's thread"
        : null;

    public long Steps => _dispatcher.Calls.Steps;

    public bool IsPausing => _dispatcher.Calls.IsPausing;

    public long SinkFailures => SinkFigures.Failed;

    public Exception? LastSinkException => _dispatcher.LastSinkException;

    /// <summary>What the calls of the sinks came to, as of one instant.</summary>
    public SinkFigures SinkFigures => _dispatcher.SinkFigures;

    public void Close() => _dispatcher.Calls.Close();

    public void CloseForGood() => _dispatcher.Calls.CloseForGood();

    public Task DrainAsync(long sequence)
    {
        _dispatcher.FlushSinks(sequence);
        return Task.CompletedTask;
    }

    public Task CompleteAsync(Exception? failure, long sequence) =>
        _dispatcher.Complete(failure, sequence) is { } thrown ? Task.FromException(thrown) : Task.CompletedTask;
}
