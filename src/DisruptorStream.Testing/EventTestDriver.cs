using DisruptorStream.Ingest;

namespace DisruptorStream.Testing;

/// <summary>Runs a pipeline of the host's own events inside a test.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <inheritdoc cref="StreamTestDriver{TKey}" path="/remarks"/>
public sealed class EventTestDriver<TEvent, TKey> : StreamTestDriver<TKey>
    where TKey : notnull
{
    private readonly StreamProcessor<TEvent, TKey> _processor;
    private readonly Dictionary<string, EventPublisher<TEvent>> _sources = new(StringComparer.Ordinal);

    internal EventTestDriver(StreamProcessor<TEvent, TKey> processor, DriverOutputs<TKey> outputs)
        : base(processor, outputs) => _processor = processor;

    private protected override SourcePublisher Main => Source(StreamTestDriver.MainSource);

    /// <summary>Publishes events of the main source, in their order.</summary>
    /// <param name="events">The events.</param>
    public void Publish(params ReadOnlySpan<TEvent> events) => Source(StreamTestDriver.MainSource).Publish(events);

    /// <inheritdoc cref="KeyedTestDriver{TKey}.Source"/>
    public EventPublisher<TEvent> Source(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_sources.TryGetValue(name, out var source))
            _sources.Add(name, source = _processor.CreateEventPublisher(name));
        return source;
    }
}
