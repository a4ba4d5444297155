using DisruptorStream.Ingest;

namespace DisruptorStream.Testing;

/// <summary>Runs a pipeline of keyed events inside a test.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <inheritdoc cref="StreamTestDriver{TKey}" path="/remarks"/>
public sealed class KeyedTestDriver<TKey> : StreamTestDriver<TKey>
    where TKey : notnull
{
    private readonly Dictionary<string, KeyedPublisher<TKey>> _sources = new(StringComparer.Ordinal);

    internal KeyedTestDriver(StreamProcessor<TKey> processor, DriverOutputs<TKey> outputs)
        : base(processor, outputs)
    {
    }

    private protected override SourcePublisher Main => Source(StreamTestDriver.MainSource);

    /// <summary>Publishes an event of the main source.</summary>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="value">The measure.</param>
    public void Publish(EventKey<TKey> key, long timestampTicks, double value) =>
        Source(StreamTestDriver.MainSource).Publish(key, timestampTicks, value);

    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time.</param>
    /// <param name="value">The measure.</param>
    public void Publish(EventKey<TKey> key, DateTimeOffset timestamp, double value) =>
        Source(StreamTestDriver.MainSource).Publish(key, timestamp, value);

    /// <summary>Publishes an event of the main source, with one value for each measure.</summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.Publish(EventKey{TKey}, long, ReadOnlySpan{double})"/>
    public void Publish(EventKey<TKey> key, long timestampTicks, ReadOnlySpan<double> measures) =>
        Source(StreamTestDriver.MainSource).Publish(key, timestampTicks, measures);

    /// <inheritdoc cref="Publish(EventKey{TKey}, long, ReadOnlySpan{double})" path="/summary"/>
    /// <inheritdoc cref="KeyedPublisher{TKey}.Publish(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{double})"/>
    public void Publish(EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<double> measures) =>
        Source(StreamTestDriver.MainSource).Publish(key, timestamp, measures);

    /// <summary>
    /// A source with a watermark of its own: it publishes, states watermarks, is idle, goes on and completes.
    /// </summary>
    /// <param name="name">Its name. It exists from the first call on, and holds the others back until it sends.</param>
    public KeyedPublisher<TKey> Source(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_sources.TryGetValue(name, out var source))
            _sources.Add(name, source = Processor.CreatePublisher(name));
        return source;
    }
}
