using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Conformance.Running;
using DisruptorStream.Ingest;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream.Properties;

/// <summary>A rule of one's own that names the engine's sliding windows gives their results, in every mode.</summary>
public sealed class CustomWindowsTests
{
    private const long Size = 12;
    private const long Slide = 5;

    private static readonly RunSettings[] Settings =
    [
        RunSettings.Inline,
        new(ExecutionMode.Fused, 1),
        new(ExecutionMode.Staged, 4),
        RunSettings.Restarted,
        RunSettings.RestartedInTurn with { StepsPerRestart = 4 },
    ];

    private static readonly Gen<(string Key, long Time, double Value)[]> Events = Gen.Select(
        Gen.Int[0, 5], Gen.Long[-9, 9], Gen.Double[-10, 10]).Array[20, 150].Select(steps =>
    {
        var events = new (string, long, double)[steps.Length];
        for (var i = 0; i < steps.Length; i++)
            events[i] = ($"key{steps[i].Item1}", (i / 2) + steps[i].Item2, steps[i].Item3);
        return events;
    });

    [Fact]
    public void Results_CustomAndBuiltIn_AreIdentical() =>
        Gen.Select(Events, Gen.Long[0, 20], Gen.Int[1, 3]).Sample(
            (events, lateness, mode) =>
            {
                var accumulation = (AccumulationMode)(mode % 3);
                var expected = Run(events, lateness, accumulation, isCustom: false, RunSettings.Inline);
                Assert.NotEmpty(expected);
                foreach (var settings in Settings)
                    Assert.Equal(expected, Run(events, lateness, accumulation, isCustom: true, settings));
            },
            iter: 100,
            threads: 1);

    private static List<string> Run(
        (string Key, long Time, double Value)[] events,
        long lateness,
        AccumulationMode accumulation,
        bool isCustom,
        RunSettings settings) =>
        RunAsync(events, lateness, accumulation, isCustom, settings).GetAwaiter().GetResult();

    private static async Task<List<string>> RunAsync(
        (string Key, long Time, double Value)[] events,
        long lateness,
        AccumulationMode accumulation,
        bool isCustom,
        RunSettings settings)
    {
        var results = new ResultLines<string>();
        var keyed = StreamProcessorBuilder.ForKeys<string>().Measure("value").Measure("index", MeasureType.Int64);
        await using var run = new RestartingRun(settings, current => Windows(keyed, isCustom)
            .AllowedLateness(Windowing.Span(lateness))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = Windowing.Span(2) })
            .Early(count: 3)
            .Accumulation(accumulation)
            .Aggregate(a => a.Count("n").Sum("sum", "value").Last("last", "value").Max("index", "index"))
            .WithOptions(current.Options)
            .WithTimeProvider(new VirtualClock())
            .To(results));
        var publisher = run.Processor.CreatePublisher("events");
        for (var next = 0; next < events.Length;)
        {
            next = PublishClaim(publisher, events, next);
            if (await run.EndStepAsync())
                publisher = run.Processor.CreatePublisher("events");
        }

        await run.Processor.StopAsync(StopMode.Complete);
        return results.Lines;
    }

    /// <summary>Publishes some events in one claim, and returns which is the next.</summary>
    private static int PublishClaim(
        KeyedPublisher<string> publisher, (string Key, long Time, double Value)[] events, int next)
    {
        using var claim = publisher.Claim(Math.Min(17, events.Length - next));
        for (var i = 0; i < claim.Capacity; i++, next++)
        {
            var (key, time, value) = events[next];
            claim.AddBits(key, time, [BitConverter.DoubleToInt64Bits(value), next]);
        }

        claim.Publish();
        return next;
    }

    private static WindowedStep<string> Windows(
        KeyedEventsStep<string> events, bool isCustom) =>
        isCustom
            ? events.CustomWindows(default(SlidingByHand))
            : events.SlidingWindows(Windowing.Span(Size), Windowing.Span(Slide));

    private readonly struct SlidingByHand : IWindowAssigner
    {
        public int MaxWindowsPerEvent => 3;

        public int Assign(long timestampTicks, Span<TimeWindow> windows)
        {
            var count = 0;
            var last = timestampTicks - ((timestampTicks % Slide) + Slide) % Slide;
            for (var start = last; start > timestampTicks - Size; start -= Slide)
                windows[count++] = new TimeWindow(start, start + Size);
            return count;
        }
    }
}
