using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Rings;
using DisruptorStream.Topology.Durable;
using HdrHistogram;

namespace DisruptorStream.LoadTests.Latencies;

/// <summary>
/// Publishes at a fixed rate, whether or not the engine keeps up, and measures from the moment at which the event that
/// closes a window was due until its result is in the sink: waiting counts (no coordinated omission).
/// </summary>
/// <remarks>
/// The caller's own thread publishes: neither the thread pool, whose idle workers spin for a while, nor a new thread,
/// which begins on the processor of the one that made it, gets in the way of what is measured.
/// </remarks>
internal sealed class OpenLoop : IDisposable
{
    private const int EventsPerWindow = 100;

    private readonly int _eventsPerSecond;
    private readonly LatencySink _sink = new();
    private readonly StreamProcessor<int> _processor;
    private readonly KeyedPublisher<int> _publisher;
    private readonly KeyHandle _key;
    private long _published;

    /// <param name="eventsPerSecond">How many are published.</param>
    /// <param name="wait">How the worker waits.</param>
    /// <param name="durable">Where a journal is kept; null for none.</param>
    public OpenLoop(
        int eventsPerSecond,
        WaitStrategyKind wait = WaitStrategyKind.Adaptive,
        DurableSettings? durable = null)
    {
        _eventsPerSecond = eventsPerSecond;
        _processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromTicks(EventsPerWindow))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions
            {
                Mode = ExecutionMode.Fused,
                FutureSkewLimit = null,
                WaitStrategy = wait,
            })
            .To(_sink)
            .DurableIn(durable)
            .Build();
        _processor.Start();
        _publisher = _processor.CreatePublisher("clock");
        _key = _processor.GetKey(0);
    }

    /// <summary>Half a second to warm up, then so long.</summary>
    public static LongHistogram Measure(int eventsPerSecond, TimeSpan duration)
    {
        using var loop = new OpenLoop(eventsPerSecond);
        loop.Run(TimeSpan.FromSeconds(0.5), Percentiles.NewHistogram());
        var latencies = Percentiles.NewHistogram();
        loop.Run(duration, latencies);
        return latencies;
    }

    /// <summary>Publishes for so long, on a new schedule.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="latencies">From the due time of a closing event to its result.</param>
    /// <param name="delays">
    /// From the due time of a closing event to the moment at which this thread gets round to it: the machine's part.
    /// </param>
    public void Run(TimeSpan duration, LongHistogram latencies, LongHistogram? delays = null)
    {
        var events = (long)(_eventsPerSecond * duration.TotalSeconds) / EventsPerWindow * EventsPerWindow;
        var schedule = Schedule.StartNow(_eventsPerSecond);
        _sink.Begin(schedule, _published, latencies);
        for (var index = 0L; index < events; index++)
        {
            schedule.WaitFor(index);
            if (delays is not null && index % EventsPerWindow == 0 && index >= schedule.FirstSettled)
                delays.RecordValue(schedule.NanosecondsSince(index, Stopwatch.GetTimestamp()));

            // Event time counts events: the event number n × EventsPerWindow closes the window before it.
            _publisher.Publish(_key, _published++, 1);
        }

        _processor.FlushAsync().AsTask().GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _key.Dispose();
        _publisher.Dispose();
        _processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private sealed class LatencySink : IResultSink<int>
    {
        private Current? _current;

        public void Begin(Schedule schedule, long firstEvent, LongHistogram latencies) =>
            Volatile.Write(ref _current, new Current(schedule, firstEvent, latencies));

        public void OnResults(ResultBatch<int> batch)
        {
            var now = Stopwatch.GetTimestamp();
            var current = Volatile.Read(ref _current)!;
            foreach (var result in batch)
            {
                var closing = result.Window.EndTicks - current.FirstEvent;
                if (closing >= current.Schedule.FirstSettled)
                    current.Latencies.RecordValue(current.Schedule.NanosecondsSince(closing, now));
            }
        }

        private sealed record Current(Schedule Schedule, long FirstEvent, LongHistogram Latencies);
    }
}
