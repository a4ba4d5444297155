using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Ingest;

/// <summary>Numbered events, typed or ready, and a processor that tells which of them came in.</summary>
internal sealed class SeveralEvents : IAsyncDisposable
{
    private readonly CollectingSink<int> _sink = new();
    private readonly EventPublisher<Numbered> _typed;
    private readonly KeyedPublisher<int> _keyed;
    private readonly KeyHandle _handle;
    private readonly Numbered[] _events;
    private readonly KeyedEvent[] _ready;
    private readonly bool _isTyped;

    public SeveralEvents(ExecutionMode mode, bool typed, int count)
    {
        _isTyped = typed;
        Processor = StreamProcessorBuilder.For<Numbered>()
            .KeyBy(_ => 1)
            .EventTime(numbered => numbered.Number)
            .Measure("number", numbered => numbered.IsBroken ? throw new ArgumentException("broken") : numbered.Number)
            .TumblingWindows(TimeSpan.FromTicks(1))
            .Aggregate(a => a.Sum("sum"))
            .WithOptions(Processors.Options(mode) with { RingCapacity = 64 })
            .To(_sink)
            .Build();
        _typed = Processor.CreateEventPublisher("typed");
        _keyed = Processor.CreatePublisher("keyed");
        (typed ? (SourcePublisher)_keyed : _typed).MarkIdle();
        _handle = Processor.GetKey(1);
        _events = [.. Enumerable.Range(0, count).Select(number => new Numbered(number, IsBroken: false))];
        _ready = [.. _events.Select(numbered => new KeyedEvent(_handle, numbered.Number, numbered.Number))];
    }

    public StreamProcessor<Numbered, int> Processor { get; }

    public long Published => Processor.GetStats().EventsPublished;

    public static IEnumerable<double> Numbers(int count) => Enumerable.Range(0, count).Select(number => (double)number);

    /// <summary>From now on this event cannot be published.</summary>
    public void Break(int at)
    {
        _events[at] = _events[at] with { IsBroken = true };
        _ready[at] = default;
    }

    public void Publish(int from)
    {
        if (_isTyped)
            _typed.Publish(_events.AsSpan(from));
        else
            _keyed.Publish(_ready.AsSpan(from));
    }

    public int TryPublish(int from) =>
        _isTyped ? _typed.TryPublish(_events.AsSpan(from)) : _keyed.TryPublish(_ready.AsSpan(from));

    public ValueTask PublishAsync(int from, CancellationToken cancellationToken) => _isTyped
        ? _typed.PublishAsync(_events.AsMemory(from), cancellationToken)
        : _keyed.PublishAsync(_ready.AsMemory(from), cancellationToken);

    public bool TryPublishOne(int at) =>
        _isTyped ? _typed.TryPublish(in _events[at]) : _keyed.TryPublish(in _ready[at]);

    public ValueTask PublishOneAsync(int at, CancellationToken cancellationToken) => _isTyped
        ? _typed.PublishAsync(_events[at], cancellationToken)
        : _keyed.PublishAsync(_ready[at], cancellationToken);

    /// <summary>Publishes a number of events by one of the verbs; returns how many it says are in.</summary>
    public int Call(int verb, int from, int count, CancellationToken cancellationToken)
    {
        try
        {
            if (verb == 0 && _isTyped)
                _typed.Publish(_events.AsSpan(from, count));
            else if (verb == 0)
                _keyed.Publish(_ready.AsSpan(from, count));
            else if (verb == 1 && _isTyped)
                return _typed.TryPublish(_events.AsSpan(from, count));
            else if (verb == 1)
                return _keyed.TryPublish(_ready.AsSpan(from, count));
            else if (_isTyped)
                _typed.PublishAsync(_events.AsMemory(from, count), cancellationToken).AsTask().GetAwaiter().GetResult();
            else
                _keyed.PublishAsync(_ready.AsMemory(from, count), cancellationToken).AsTask().GetAwaiter().GetResult();
            return count;
        }
        catch (ArgumentException failure)
        {
            return PublishedCount.Of(failure);
        }
    }

    /// <summary>Disposes the publisher of the events, and nothing else.</summary>
    public void Dispose() => (_isTyped ? (SourcePublisher)_typed : _keyed).Dispose();

    /// <summary>Ends the input; returns the numbers of the events that came in.</summary>
    public async Task<IReadOnlyList<double>> CompleteAsync()
    {
        await Processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);
        return [.. _sink.Results.Select(result => result.GetDouble(0))];
    }

    public ValueTask DisposeAsync() => Processor.DisposeAsync();

    internal readonly record struct Numbered(int Number, bool IsBroken);
}
