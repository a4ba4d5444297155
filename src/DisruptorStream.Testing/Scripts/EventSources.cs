using System.Runtime.InteropServices;
using DisruptorStream.Ingest;

namespace DisruptorStream.Testing.Scripts;

/// <summary>Sources of the host's own events.</summary>
internal sealed class EventSources<TEvent, TKey> : ScriptSources<TEvent>
    where TKey : notnull
{
    private readonly StreamProcessor<TEvent, TKey> _processor;
    private readonly Dictionary<string, EventPublisher<TEvent>> _publishers = new(StringComparer.Ordinal);

    public EventSources(StreamProcessor<TEvent, TKey> processor) => _processor = processor;

    public override SourcePublisher this[string name] => Find(name);

    public override void Publish(string source, List<TEvent> events) =>
        Find(source).Publish(CollectionsMarshal.AsSpan(events));

    private EventPublisher<TEvent> Find(string name)
    {
        if (!_publishers.TryGetValue(name, out var publisher))
            _publishers.Add(name, publisher = _processor.CreateEventPublisher(name));
        return publisher;
    }
}
