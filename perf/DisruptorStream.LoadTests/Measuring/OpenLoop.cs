using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using HdrHistogram;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>
/// Publishes at a fixed rate, whether or not the engine keeps up, and measures from the moment at which the event that
/// closes a window was due until its result is in the sink: waiting counts (no coordinated omission).
/// </summary>
internal static class OpenLoop
{
    private const int EventsPerWindow = 100;

    /// <returns>Latencies in nanoseconds.</returns>
    public static async Task<LongHistogram> MeasureAsync(int eventsPerSecond, TimeSpan duration)
    {
        var events = (long)(eventsPerSecond * duration.TotalSeconds);
        var sink = new LatencySink(eventsPerSecond);
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromTicks(EventsPerWindow))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Fused, FutureSkewLimit = null })
            .To(sink)
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("clock");
        using var handle = processor.GetKey(0);
        await Task.Run(() => Publish(publisher, handle, sink, events, eventsPerSecond));
        await processor.FlushAsync();
        return sink.Latencies;
    }

    private static void Publish(
        KeyedPublisher<int> publisher, KeyHandle handle, LatencySink sink, long events, int eventsPerSecond)
    {
        var ticksPerEvent = (double)Stopwatch.Frequency / eventsPerSecond;
        sink.Begin = Stopwatch.GetTimestamp();
        for (var i = 0L; i < events; i++)
        {
            var due = sink.Begin + (long)(i * ticksPerEvent);
            while (Stopwatch.GetTimestamp() < due)
                Thread.SpinWait(1);

            // Event time counts events: the event number n × EventsPerWindow closes the window before it.
            publisher.Publish(handle, i, 1);
        }
    }

    private sealed class LatencySink : IResultSink<int>
    {
        private readonly double _ticksPerEvent;
        private readonly long _warmUpEvents;

        public LatencySink(int eventsPerSecond)
        {
            _ticksPerEvent = (double)Stopwatch.Frequency / eventsPerSecond;
            _warmUpEvents = eventsPerSecond / 2;
        }

        public LongHistogram Latencies { get; } = new(1, 60_000_000_000, 3);

        public long Begin { get; set; }

        public void OnResults(ResultBatch<int> batch)
        {
            var now = Stopwatch.GetTimestamp();
            foreach (var result in batch)
            {
                var closing = result.Window.EndTicks;
                if (closing < _warmUpEvents)
                    continue;
                var due = Begin + (long)(closing * _ticksPerEvent);
                Latencies.RecordValue(Math.Max(1, (now - due) * 1_000_000_000 / Stopwatch.Frequency));
            }
        }
    }
}
