namespace DisruptorStream.Emission.Pumping;

/// <summary>An asynchronous sink with its options.</summary>
internal sealed record AsyncSinkRegistration<TKey>(IAsyncResultSink<TKey> Sink, AsyncSinkOptions Options);
