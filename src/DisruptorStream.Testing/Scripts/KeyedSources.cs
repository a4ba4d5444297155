using DisruptorStream.Ingest;

namespace DisruptorStream.Testing.Scripts;

/// <summary>Sources of keyed events.</summary>
internal sealed class KeyedSources<TKey> : ScriptSources<TestEvent<TKey>>
    where TKey : notnull
{
    private readonly StreamProcessor<TKey> _processor;
    private readonly Dictionary<string, KeyedPublisher<TKey>> _publishers = new(StringComparer.Ordinal);

    public KeyedSources(StreamProcessor<TKey> processor) => _processor = processor;

    public override SourcePublisher this[string name] => Find(name);

    public override void Publish(string source, List<TestEvent<TKey>> events)
    {
        var publisher = Find(source);
        for (var next = 0; next < events.Count;)
        {
            // A claim takes one measure; what it does not, goes in by itself.
            if (events.Count - next == 1 || events[next].Measures.Count != 1)
            {
                var one = events[next++];
                publisher.Publish(one.Key, one.TimestampTicks, (double[])[.. one.Measures]);
                continue;
            }

            using var claim = publisher.Claim(events.Count - next);
            while (claim.Count < claim.Capacity && events[next].Measures.Count == 1)
            {
                var one = events[next++];
                claim.Add(one.Key, one.TimestampTicks, one.Measures[0]);
            }

            claim.Publish();
        }
    }

    private KeyedPublisher<TKey> Find(string name)
    {
        if (!_publishers.TryGetValue(name, out var publisher))
            _publishers.Add(name, publisher = _processor.CreatePublisher(name));
        return publisher;
    }
}
