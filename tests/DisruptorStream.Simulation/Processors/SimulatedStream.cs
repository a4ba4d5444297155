using DisruptorStream.Building.Streams;
using DisruptorStream.Ingest;
using DisruptorStream.Simulation.Sinks;
using DisruptorStream.Streams;
using DisruptorStream.Testing;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Simulation.Processors;

/// <summary>A stream of several queries, and what comes out of it.</summary>
internal sealed class SimulatedStream
{
    private readonly EventPublisher<SimulatedEvent>?[] _publishers =
        new EventPublisher<SimulatedEvent>?[SimulatedSteps.Sources];

    private readonly HashSet<int> _open = [];
    private readonly SimulatedShape _shape;
    private readonly SimulatedQueries _queries;
    private EventStream<SimulatedEvent>? _stream;

    /// <param name="shape">What its queries are.</param>
    public SimulatedStream(SimulatedShape shape)
    {
        _shape = shape;
        _queries = new SimulatedQueries(shape);
    }

    public VirtualClock Clock { get; } = new() { Ticks = 0 };

    /// <summary>Makes the durable sink of each life, which gets what <see cref="Tenants"/> gets.</summary>
    public Func<SimulatedSink> NewSink { get; init; } =
        () => new SimulatedSink(new SimulatedTarget(), SinkFault.None, random: null);

    /// <summary>What came out of the query that has the durable sink.</summary>
    public SimulatedResults Tenants => _queries.Tenants;

    public EventStream<SimulatedEvent> Stream => _stream ?? throw new InvalidOperationException("It is not built.");

    /// <summary>The journal; only of a durable one.</summary>
    public DurableSession Session => Stream.Parts.Durable!;

    /// <summary>The last slot that was published.</summary>
    public long Cursor => Stream.Parts.RuntimeParts.Ring.Slots.Sequencer.Cursor.Value;

    /// <summary>Which sources are open: they are taken up again by whoever goes on from here.</summary>
    public int[] Open => [.. _open.Order()];

    /// <summary>Builds it; where it recovers, with sources that were open.</summary>
    public void Build(DurableSettings? durable, IReadOnlyList<int> open)
    {
        var step = Step();
        _stream = (durable is null ? step : step.DurableIn(durable)).Build();
        Array.Clear(_publishers);
        _open.Clear();
        foreach (var source in open)
        {
            _open.Add(source);
            _publishers[source] = _stream.CreateEventPublisher($"source-{source}");
        }

        // What a new process adds to the sequence by itself comes here.
        _stream.Advance();
    }

    public void Apply(SimulatedStep step, int skippedEvents = 0)
    {
        switch (step)
        {
            case SimulatedStep.Publish publish:
                Of(publish.Source).Publish(publish.Events.AsSpan(skippedEvents));
                break;
            case SimulatedStep.Watermark mark:
                Of(mark.Source).AdvanceWatermark(mark.Ticks);
                break;
            case SimulatedStep.Idle idle:
                Of(idle.Source).MarkIdle();
                break;
            case SimulatedStep.Remove remove when _open.Remove(remove.Source):
                _publishers[remove.Source]!.Dispose();
                _publishers[remove.Source] = null;
                break;
            case SimulatedStep.Clock clock:
                Clock.Ticks += clock.Ticks;
                Stream.Advance();
                break;
        }
    }

    /// <summary>Whether a step needs a source that is not there yet: it takes a slot of its own.</summary>
    public bool Opens(SimulatedStep step)
    {
        var source = step switch
        {
            SimulatedStep.Publish publish => publish.Source,
            SimulatedStep.Watermark mark => mark.Source,
            SimulatedStep.Idle idle => idle.Source,
            _ => -1,
        };
        if (source < 0 || !_open.Add(source))
            return false;
        _publishers[source] = Stream.CreateEventPublisher($"source-{source}");
        return true;
    }

    /// <exception cref="StreamProcessorException">It has failed.</exception>
    public void ThrowIfFailed() => Stream.Parts.RuntimeParts.Fault.ThrowIfFaulted();

    /// <summary>The end of the process: nothing of it is closed in order.</summary>
    public void Abandon()
    {
        if (_stream is not { } stream)
            return;
        _stream = null;
        try
        {
            stream.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (StreamProcessorException)
        {
            // It had failed.
        }
    }

    public void ThrowUnlessDense()
    {
        foreach (var results in _queries.Results)
            results.ThrowUnlessDense();
    }

    public IEnumerable<string> Lines() => _queries.Results.SelectMany(results => results.Lines.Prepend(results.Name));

    private EventPublisher<SimulatedEvent> Of(int source) => _publishers[source]!;

    private StreamStep<SimulatedEvent> Step() => _queries
        .AddTo(
            StreamProcessorBuilder.For<SimulatedEvent>()
                .EventTime(one => one.Ticks)
                .Measure("cost", one => one.Cost)
                .Key("tenant", one => one.Tenant)
                .Key("user", one => one.User),
            NewSink)
        .Watermarks(new WatermarkOptions
        {
            MaxOutOfOrderness = 10 * _shape.Unit,
            IdleTimeout = TimeSpan.FromSeconds(2),
            JumpGuard = _shape.Guard,
        })
        .WithTimeProvider(Clock)
        .WithOptions(new StreamProcessorOptions
        {
            Mode = ExecutionMode.Inline,
            FutureSkewLimit = null,
            MaxKeys = _shape.MostKeys,
            WindowRetention = _shape.Retention,

            // By the machine's own clock: nothing of a round is to depend on that.
            ShutdownTimeout = TimeSpan.FromMinutes(5),
        });
}
