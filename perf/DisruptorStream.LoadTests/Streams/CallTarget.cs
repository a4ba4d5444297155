namespace DisruptorStream.LoadTests.Streams;

/// <summary>What calls are published to: a stream, or a processor of one query.</summary>
internal abstract class CallTarget : IAsyncDisposable
{
    public abstract void Start();

    public abstract void Publish(ReadOnlySpan<Call> calls);

    /// <summary>Publishes one by one.</summary>
    public abstract void PublishSingles(ReadOnlySpan<Call> calls);

    /// <summary>Ends the input and waits for all results.</summary>
    public abstract ValueTask CompleteAsync();

    public abstract ValueTask DisposeAsync();
}
