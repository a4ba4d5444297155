namespace DisruptorStream.Emission.Pumping;

/// <summary>An asynchronous sink with its options.</summary>
internal sealed record AsyncSinkRegistration<TKey>(IAsyncResultSink<TKey> Sink, AsyncSinkOptions Options)
{
    /// <summary>The number of the last result that the sink holds, and does not get again; 0 for none.</summary>
    public long HeldThrough { get; init; }

    /// <summary>Whether a durable sink was opened before the processor was built: it said what it holds.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Opens the sink before it is started; null where that is done, or not needed.</summary>
    public Func<CancellationToken, ValueTask<long>>? Open { get; init; }
}
