using System.CommandLine;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using DisruptorStream.Building;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>What all of the telemetry costs: W1 with and without it, in turns and in one process.</summary>
internal static class TelemetryCommand
{
    private const int BatchEvents = 8192;
    private const int WarmUps = 4;

    public static Command Create()
    {
        var events = new Option<int>("--events")
        {
            Description = "Events of each run.",
            DefaultValueFactory = _ => 5_000_000,
        };
        var runs = new Option<int>("--runs") { Description = "Measured runs of each.", DefaultValueFactory = _ => 41 };
        var modes = new Option<ExecutionMode[]>("--mode")
        {
            Description = "Execution modes.",
            DefaultValueFactory = _ => [ExecutionMode.Inline, ExecutionMode.Fused],
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command(
            "telemetry", "W1 with latency, metrics and traces that are listened to, beside W1 with none of them.")
        {
            events,
            runs,
            modes,
        };
        command.SetAction(
            parsed => Run(parsed.GetValue(modes)!, parsed.GetValue(events), parsed.GetValue(runs)));
        return command;
    }

    private static int Run(ExecutionMode[] modes, int events, int runs)
    {
        var work = Workload.Find("W1")!;
        var input = work.Generate(events);
        var checklist = new Checklist();
        foreach (var mode in modes)
        {
            using var meters = new Meters();
            Contestant[] contestants =
            [
                new() { Name = "without", Run = () => RunOnce(work, input, mode, null) },
                new() { Name = "with", Run = () => RunOnce(work, input, mode, meters) },
            ];
            Contestant.RunInTurns(contestants, WarmUps, runs);
            var (without, with) = (contestants[0], contestants[1]);

            // Neighbours in time share the machine's mood: the median of their ratios says more than that of medians.
            var ratios = without.Laps.Zip(with.Laps, (off, on) => off.MillionPerSecond / on.MillionPerSecond)
                .Order().ToArray();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{mode,-8} without {without.MedianMillionPerSecond:F1} M/s, "
                + $"with {with.MedianMillionPerSecond:F1} M/s, "
                + $"{meters.Recorded:N0} measurements, {meters.Activities:N0} activities"));
            checklist.AtMost($"{mode}: the time of an event with telemetry, of that without", ratios[runs / 2], 1.01);
        }

        return checklist.Conclude();
    }

    private static Lap RunOnce(Workload work, InputEvent[] input, ExecutionMode mode, Meters? meters)
    {
        var sink = new DigestSink(work);
        var step = work.Windows(StreamProcessorBuilder.ForKeys<int>())
            .Aggregate(a => a.Count("count").Sum("sum").Min("min").Max("max").Average("avg"))
            .WithOptions(new StreamProcessorOptions
            {
                Mode = mode,
                FutureSkewLimit = null,
                MeasureLatency = meters is not null,
            })
            .To(sink);
        var processor = Metered(step, meters).Build();
        using var tracing = meters?.Trace();
        processor.Start();
        var handles = new KeyHandle[work.Keys];
        for (var key = 0; key < handles.Length; key++)
            handles[key] = processor.GetKey(key);
        var events = new KeyedEvent[input.Length];
        for (var index = 0; index < events.Length; index++)
        {
            ref readonly var next = ref input[index];
            events[index] = new KeyedEvent(
                handles[next.Key], next.Milliseconds * TimeSpan.TicksPerMillisecond, next.Value);
        }

        var lap = Lap.Of(
            input.Length,
            () =>
            {
                using (var publisher = processor.CreatePublisher("load"))
                {
                    for (var at = 0; at < events.Length; at += BatchEvents)
                        publisher.Publish(events.AsSpan(at, Math.Min(BatchEvents, events.Length - at)));
                }

                meters?.Collect();
                processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
            },
            () => (sink.Digest.Results, sink.Digest.Sum));
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return lap;
    }

    private static BuildStep<StreamProcessor<int>, int> Metered(
        BuildStep<StreamProcessor<int>, int> step, Meters? meters) =>
        meters is null ? step : step.WithMeterFactory(meters);

    /// <summary>Listens to everything, and counts what it hears.</summary>
    private sealed class Meters : IMeterFactory
    {
        private readonly Meter _meter = new("DisruptorStream");
        private readonly MeterListener _listener = new();
        private long _recorded;
        private long _activities;

        public Meters()
        {
            _listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter == _meter)
                    self.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, _, _, _) => Interlocked.Increment(ref _recorded));
            _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _recorded));
            _listener.Start();
        }

        public long Recorded => Volatile.Read(ref _recorded);

        public long Activities => Volatile.Read(ref _activities);

        public Meter Create(MeterOptions options) => _meter;

        public void Collect() => _listener.RecordObservableInstruments();

        /// <summary>Listens to activities until it is disposed.</summary>
        public ActivityListener Trace()
        {
            var listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "DisruptorStream",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = _ => Interlocked.Increment(ref _activities),
            };
            ActivitySource.AddActivityListener(listener);
            return listener;
        }

        public void Dispose()
        {
            _listener.Dispose();
            _meter.Dispose();
        }
    }
}
