using DisruptorStream.Simulation.Processors;
using DisruptorStream.Sources;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Streams;
using DisruptorStream.Testing;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Simulation.Sources;

/// <summary>A stream that reads simulated sources, a step at a time, and what comes out of it.</summary>
internal sealed class ReadStream
{
    /// <summary>How far behind the newest one an event of a source may be: none is too late.</summary>
    public const int Disorder = 12;

    /// <summary>The cost of an event whose selector throws.</summary>
    public const double BadCost = 666;

    private readonly SimulatedResults<string> _tenants = new("tenants");
    private readonly SimulatedResults<int> _users = new("users");
    private readonly SimulatedResults<(string, int)> _pairs = new("pairs");
    private EventStream<SimulatedEvent>? _stream;

    public VirtualClock Clock { get; } = new() { Ticks = 0 };

    public EventStream<SimulatedEvent> Stream => _stream ?? throw new InvalidOperationException("It is not built.");

    public DurableSession Session => Stream.Parts.Durable!;

    /// <summary>
    /// All that came out, in no order that matters: the numbers of keys depend on which source was first.
    /// </summary>
    public List<string> Lines => [.. _tenants.Lines, .. _users.Lines, .. _pairs.Lines];

    /// <summary>Builds it; with the readers of its sources.</summary>
    /// <param name="durable">Where it is kept; null for nowhere.</param>
    /// <param name="sources">Read from there on.</param>
    /// <param name="batchEvents">How many events are read at once.</param>
    /// <param name="recovered">
    /// Read by a recovery, where the journal has only the order of events; null where it has the events.
    /// </param>
    public SeekablePump<SimulatedEvent>[] Build(
        DurableSettings? durable, SimulatedSource[] sources, int batchEvents, SimulatedSource[]? recovered = null)
    {
        var options = new SourceOptions
        {
            BatchEvents = batchEvents,
            OnBadRecord = BadRecordPolicy.Skip,
            Journal = recovered is null ? SourceJournal.Events : SourceJournal.Order,
        };
        _stream = Step(durable, recovered, options);
        var feed = new SourceFeed
        {
            Processor = "simulated",
            Logger = Stream.Parts.RuntimeParts.Logger,
            Ring = Stream.Parts.RuntimeParts.Ring,
            Registry = Stream.Parts.Ledger.Sources,
            WhenDurable = null,
        };
        var publishers = Array.ConvertAll(
            Enumerable.Range(0, sources.Length).ToArray(), source => Stream.CreateEventPublisher($"source-{source}"));
        var pumps = new SeekablePump<SimulatedEvent>[sources.Length];
        for (var source = 0; source < pumps.Length; source++)
            pumps[source] = new SeekablePump<SimulatedEvent>(sources[source], publishers[source], feed, options);
        return pumps;
    }

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
        _tenants.ThrowUnlessDense();
        _users.ThrowUnlessDense();
        _pairs.ThrowUnlessDense();
    }

    private EventStream<SimulatedEvent> Step(
        DurableSettings? durable, SimulatedSource[]? recovered, SourceOptions options)
    {
        var step = StreamProcessorBuilder.For<SimulatedEvent>()
            .EventTime(one => one.Ticks)
            .Measure("cost", one => one.Cost == BadCost ? throw new InvalidOperationException("bad") : one.Cost)
            .Key("tenant", one => one.Tenant)
            .Key("user", one => one.User)
            .Query("tenants", query => query.By("tenant").TumblingWindows(TimeSpan.FromTicks(50))
                .Aggregate(a => a.Count("count").Sum("cost")).To(_tenants))
            .Query("users", query => query.Where(one => one.Cost > 0).By<int>("user")
                .SlidingWindows(TimeSpan.FromTicks(40), TimeSpan.FromTicks(20))
                .Aggregate(a => a.Count("count").Max("cost")).To(_users))
            .Query("pairs", query => query.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(30))
                .Aggregate(a => a.Sum("cost")).To(_pairs))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(Disorder) })
            .WithTimeProvider(Clock)
            .WithOptions(new StreamProcessorOptions
            {
                Mode = ExecutionMode.Inline,
                FutureSkewLimit = null,
                ShutdownTimeout = TimeSpan.FromMinutes(5),
            });
        if (durable is null)
            return step.Build();
        var registered = new List<SourceRegistration<SimulatedEvent>>();
        foreach (var source in recovered ?? [])
        {
            registered.Add(SourceRegistration<SimulatedEvent>.Of(
                $"source-{registered.Count}", source, options));
        }

        return step.DurableIn(durable with { Remaking = step.RemakingOf(registered) }).Build();
    }
}
