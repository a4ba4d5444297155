using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using HdrHistogram;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>
/// Publishes at a fixed rate, whether or not the engine keeps up, and measures from the moment at which the event that
/// closes a window was due until its result is in the sink: waiting counts (no coordinated omission).
/// </summary>
internal sealed class OpenLoop : IAsyncDisposable
{
    private const int EventsPerWindow = 100;

    private readonly int _eventsPerSecond;
    private readonly LatencySink _sink;
    private readonly StreamProcessor<int> _processor;
    private readonly KeyedPublisher<int> _publisher;
    private readonly KeyHandle _key;
    private long _published;

    public OpenLoop(int eventsPerSecond)
    {
        _eventsPerSecond = eventsPerSecond;
        _sink = new LatencySink((double)Stopwatch.Frequency / eventsPerSecond);
        _processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromTicks(EventsPerWindow))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Fused, FutureSkewLimit = null })
            .To(_sink)
            .Build();
        _processor.Start();
        _publisher = _processor.CreatePublisher("clock");
        _key = _processor.GetKey(0);
    }

    /// <summary>Half a second to warm up, then so long; latencies in nanoseconds.</summary>
    public static async Task<LongHistogram> MeasureAsync(int eventsPerSecond, TimeSpan duration)
    {
        await using var loop = new OpenLoop(eventsPerSecond);
        await loop.RunAsync(TimeSpan.FromSeconds(0.5), NewHistogram());
        var latencies = NewHistogram();
        await loop.RunAsync(duration, latencies);
        return latencies;
    }

    public static LongHistogram NewHistogram() => new(1, 60_000_000_000, 3);

    /// <summary>Publishes for so long, on a new schedule, and records into the histogram.</summary>
    public async Task RunAsync(TimeSpan duration, LongHistogram latencies)
    {
        var events = (long)(_eventsPerSecond * duration.TotalSeconds) / EventsPerWindow * EventsPerWindow;
        await Task.Factory.StartNew(
            () => Publish(events, latencies), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await _processor.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        _publisher.Dispose();
        await _processor.DisposeAsync();
    }

    private void Publish(long events, LongHistogram latencies)
    {
        var ticksPerEvent = (double)Stopwatch.Frequency / _eventsPerSecond;
        _sink.Begin(Stopwatch.GetTimestamp(), _published, latencies);
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0L; i < events; i++)
        {
            var due = begin + (long)(i * ticksPerEvent);
            while (Stopwatch.GetTimestamp() < due)
                Thread.SpinWait(1);

            // Event time counts events: the event number n × EventsPerWindow closes the window before it.
            _publisher.Publish(_key, _published++, 1);
        }
    }

    private sealed class LatencySink : IResultSink<int>
    {
        private readonly double _ticksPerEvent;
        private Schedule? _schedule;

        public LatencySink(double ticksPerEvent) => _ticksPerEvent = ticksPerEvent;

        public void Begin(long begin, long firstEvent, LongHistogram latencies) =>
            Volatile.Write(ref _schedule, new Schedule(begin, firstEvent, latencies));

        public void OnResults(ResultBatch<int> batch)
        {
            var now = Stopwatch.GetTimestamp();
            var schedule = Volatile.Read(ref _schedule)!;
            foreach (var result in batch)
            {
                // What the flush before left open is closed by the first event.
                var closing = result.Window.EndTicks - schedule.FirstEvent;
                if (closing <= 0)
                    continue;
                var due = schedule.Begin + (long)(closing * _ticksPerEvent);
                var nanoseconds = (now - due) * 1_000_000_000 / Stopwatch.Frequency;
                schedule.Latencies.RecordValue(Math.Clamp(nanoseconds, 1, 60_000_000_000));
            }
        }

        private sealed record Schedule(long Begin, long FirstEvent, LongHistogram Latencies);
    }
}
