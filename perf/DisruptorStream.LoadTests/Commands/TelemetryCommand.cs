using System.CommandLine;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using DisruptorStream.LoadTests.Commands.Options;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>What all of the telemetry costs: a workload with and without it, in turns and in one process.</summary>
internal static class TelemetryCommand
{
    private const int WarmUps = 4;
    private const double MostRatio = 1.01;

    public static Command Create()
    {
        var events = SizeOption.One("--events", "Events of each run.", 5_000_000);
        var runs = new Option<int>("--runs") { Description = "Measured runs of each.", DefaultValueFactory = _ => 41 };
        var modes = ModeOption.Create();
        var works = WorkOption.Create(
            "Workloads: W1 in claims of 8,192 slots, W1-single with a claim for each event, or others",
            [.. Workload.All.Select(work => work.Name)],
            ["W1"]);
        var command = new Command(
            "telemetry", "A workload with latency, metrics and traces that are listened to, beside it without.")
        {
            events,
            runs,
            works,
            modes,
        };
        command.SetAction(parsed =>
        {
            var checklist = new Checklist();
            foreach (var name in parsed.GetValue(works)!)
            {
                Run(
                    Workload.Find(name)!,
                    parsed.GetValue(modes)!,
                    parsed.GetValue(events),
                    parsed.GetValue(runs),
                    checklist);
            }

            return checklist.Conclude();
        });
        return command;
    }

    private static void Run(Workload work, ExecutionMode[] modes, int events, int runs, Checklist checklist)
    {
        var input = work.Generate(events);
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
                $"{work.Name} {mode,-8} without {without.MedianMillionPerSecond:F1} M/s, "
                + $"with {with.MedianMillionPerSecond:F1} M/s, "
                + $"{meters.Recorded:N0} measurements, {meters.Activities:N0} activities; "
                + $"the middle half of the ratios {ratios[runs / 4]:F3} to {ratios[runs * 3 / 4]:F3}"));
            checklist.AtMost(
                $"{work.Name} {mode}: the time of an event with telemetry, of that without",
                ratios[runs / 2],
                MostRatio);
        }
    }

    private static Lap RunOnce(Workload work, InputEvent[] input, ExecutionMode mode, Meters? meters)
    {
        using var tracing = meters?.Trace();
        return new EngineRun(work, input, mode)
        {
            MeasuresLatency = meters is not null,
            MeterFactory = meters,
            OnPublished = meters is null ? null : meters.Collect,
        }.Run();
    }

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
