using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>
/// A public benchmark's query: its generated events, the query through the engine as a user would write it, a
/// hand-written loop, and the results worked out by plain means.
/// </summary>
internal abstract class Query
{
    private static readonly (string Name, Func<int, Query> New)[] Known =
    [
        ("YSB", events => new CampaignCounts(events)),
        ("YSB-skew", events => new CampaignCounts(events, isSkewed: true)),
        ("q5", events => new HotItems(events)),
        ("q7", events => new HighestBid(events)),
        ("q11", events => new UserSessions(events)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(known => known.Name)];

    public abstract string Name { get; }

    public abstract string Description { get; }

    /// <summary>What others have published on it or on the like, and who.</summary>
    public abstract string Anchor { get; }

    protected abstract int Events { get; }

    public static bool IsKnown(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    public static Query Create(string name, int events) =>
        Known.First(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase)).New(events);

    /// <summary>
    /// The loop and the engine in turns; all must have the results that were worked out by plain means.
    /// </summary>
    public ThroughputReport Measure(IReadOnlyList<ExecutionMode> modes, int warmUps, int runs)
    {
        var contestants = new List<Contestant>
        {
            new() { Name = "loop", Run = () => RunLoop(Loop), IsLimit = true },
        };
        if (LoopOverUnknownKeys is { } loop)
            contestants.Add(new Contestant { Name = "dictionary", Run = () => RunLoop(loop), IsLimit = true });
        foreach (var mode in modes)
            contestants.Add(new Contestant { Name = mode.ToString(), Run = () => RunEngine(mode) });
        var before = RoundTrip.MedianNanoseconds();
        Contestant.RunInTurns(contestants, warmUps, runs);
        var roundTrip = (before + RoundTrip.MedianNanoseconds()) / 2;
        var expected = new ResultDigest();
        WorkOut(expected);
        var agree = contestants.TrueForAll(one => one.Laps.All(
            lap => lap.Results == expected.Results && lap.Digest == expected.Sum));
        return ThroughputReport.Of(Name, $"{Description}; {Anchor}", contestants, roundTrip, agree);
    }

    /// <summary>The query through the engine, once.</summary>
    public Lap RunEngine(ExecutionMode mode)
    {
        var digest = new ResultDigest();
        var sink = NewSink(digest);
        var processor = NewProcessor(new StreamProcessorOptions { Mode = mode, FutureSkewLimit = null }, sink);
        processor.Start();
        var lap = Lap.Of(
            Events,
            () =>
            {
                using (var publisher = processor.CreatePublisher("load"))
                {
                    Publish(processor, publisher);
                    publisher.Complete();
                }

                processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
                sink.Finish();
            },
            () => (digest.Results, digest.Sum));
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return lap;
    }

    protected static long TicksOf(long milliseconds) => milliseconds * TimeSpan.TicksPerMillisecond;

    /// <summary>The tightest loop that a user would write by hand.</summary>
    protected abstract void Loop(ResultDigest digest);

    /// <summary>The same for who does not know beforehand which keys there will be, where it differs.</summary>
    protected virtual Action<ResultDigest>? LoopOverUnknownKeys => null;

    /// <summary>The results from all events at once, without any notion of a stream.</summary>
    protected abstract void WorkOut(ResultDigest digest);

    protected abstract QuerySink NewSink(ResultDigest digest);

    protected abstract StreamProcessor<int> NewProcessor(StreamProcessorOptions options, QuerySink sink);

    /// <summary>All events, from the caller's thread.</summary>
    protected abstract void Publish(StreamProcessor<int> processor, KeyedPublisher<int> publisher);

    private Lap RunLoop(Action<ResultDigest> loop)
    {
        var digest = new ResultDigest();
        return Lap.Of(Events, () => loop(digest), () => (digest.Results, digest.Sum));
    }
}
