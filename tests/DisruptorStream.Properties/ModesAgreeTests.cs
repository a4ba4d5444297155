using System.Globalization;
using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Conformance.Cases;
using DisruptorStream.Conformance.Running;
using DisruptorStream.Ingest;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Properties;

/// <summary>Whatever the mode, the shards and the batches: the same results in the same order, bit for bit.</summary>
public sealed class ModesAgreeTests
{
    private const int Cases = 250;
    private const int SourceCount = 3;

    private static readonly RunSettings[] Settings =
    [
        RunSettings.Inline,
        new(ExecutionMode.Fused, 1),
        new(ExecutionMode.Staged, 1),
        new(ExecutionMode.Staged, 2),
        new(ExecutionMode.Staged, 8),
        RunSettings.Restarted with { StepsPerRestart = 3 },
        RunSettings.RestartedInTurn with { StepsPerRestart = 8 },
    ];

    /// <summary>How many windows a key may have beyond those of one event, and what becomes of one more.</summary>
    private static readonly Gen<(int? Spare, WindowOverflowPolicy Policy)> Limits = Gen.Select(
        Gen.Frequency((1, Gen.Const((int?)null)), (2, Gen.Int[0, 2].Select(spare => (int?)spare))),
        Gen.OneOf(Gen.Const(WindowOverflowPolicy.EvictOldest), Gen.Const(WindowOverflowPolicy.RejectEvent)));

    private readonly ITestOutputHelper _output;

    public ModesAgreeTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public void Results_AnyModeShardsAndBatches_AreIdentical()
    {
        var seed = PCG.Parse(PCG.ThreadPCG.ToString()).ToString();
        _output.WriteLine($"start value {seed}");
        var results = 0L;
        Gen.Select(Gen.OneOf(RandomStreams.Vectors, RandomStreams.UnattendedVectors), Limits, Gen.Int[1, 40]).Sample(
            (vector, limit, claimEvents) =>
            {
                var expected = RunAsync(vector, limit, RunSettings.Inline, 1).GetAwaiter().GetResult();
                results += expected.Count;
                foreach (var settings in Settings)
                {
                    var actual = RunAsync(vector, limit, settings, claimEvents).GetAwaiter().GetResult();
                    Assert.True(expected.SequenceEqual(actual), Difference(settings, expected, actual));
                }
            },
            seed: seed,
            iter: Cases,
            threads: 1);
        Assert.True(results > Cases * 20, string.Create(
            CultureInfo.InvariantCulture, $"Only {results} results were compared."));
    }

    private static string Difference(RunSettings settings, List<string> expected, List<string> actual)
    {
        var same = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        var first = Math.Max(0, same - 2);
        return string.Join(
            Environment.NewLine,
            [
                $"{settings}, from result {first} on; one event at a time:",
                .. expected.Skip(first).Take(6),
                "in claims:",
                .. actual.Skip(first).Take(6),
            ]);
    }

    private static async Task<List<string>> RunAsync(
        WindowVector vector, (int? Spare, WindowOverflowPolicy Policy) limit, RunSettings settings, int claimEvents)
    {
        var results = new ResultLines<string>();
        await using var run = new RestartingRun(settings, current => Configure(vector)
            .Aggregate(a => a.Count("count").Sum("sum").Average("average").Variance("variance")
                .Min("min").Max("max").First("first").Last("last").Rate("rate").Sum("exact", mode: SumMode.Exact)
                .Percentile("p50", 50).Percentile("all", 90, mode: PercentileMode.Exact).Distinct("distinct")
                .Top("top", 2).MovingAverage("ema", 0.3).Kurtosis("kurtosis").ZScore("z").Histogram("h", [0, 3]))
            .WithOptions(current.Options with
            {
                MaxWindowsPerKey = MostWindows(vector.Window, limit.Spare),
                WindowOverflow = limit.Policy,
            })
            .WithTimeProvider(new VirtualClock())
            .To(results)
            .DroppedEventsTo(results));
        await PublishAsync(vector, run, claimEvents);
        await run.Processor.StopAsync(StopMode.Complete);
        var stats = run.Processor.GetStats();
        results.Lines.Add(string.Create(CultureInfo.InvariantCulture, $"evicted {stats.WindowsEvicted}, "
            + $"late {stats.LateDroppedAssignments}, over the limit {stats.WindowLimitDroppedAssignments}"));
        return results.Lines;
    }

    private static int MostWindows(WindowShape window, int? spare) => spare is not { } more
        ? 1 << 20
        : more + (int)(window.Kind == "sliding" ? ((window.Size - 1) / window.Slide) + 1 : 1);

    /// <summary>
    /// Runs of events of one source, each in claims; what else a step says goes to the sources in turn.
    /// </summary>
    private static async Task PublishAsync(WindowVector vector, RestartingRun run, int claimEvents)
    {
        var publishers = PublishersOf(run.Processor);
        var pending = new List<WindowStep.Event>();
        for (var step = 0; step < vector.Steps.Count; step++)
        {
            var source = step / 7 % SourceCount;
            if (vector.Steps[step] is WindowStep.Event published)
                pending.Add(published);
            if (vector.Steps[step] is WindowStep.Watermark watermark)
                publishers[source].AdvanceWatermark(watermark.Time);
            if (step % 7 == 6 || step == vector.Steps.Count - 1)
                PublishClaims(publishers[source], pending, claimEvents);
            if (step % 7 == 6 && await run.EndStepAsync())
                publishers = PublishersOf(run.Processor);
        }
    }

    private static KeyedPublisher<string>[] PublishersOf(StreamProcessor<string> processor)
    {
        var publishers = new KeyedPublisher<string>[SourceCount];
        for (var source = 0; source < SourceCount; source++)
            publishers[source] = processor.CreatePublisher($"source {source}");
        return publishers;
    }

    private static void PublishClaims(KeyedPublisher<string> publisher, List<WindowStep.Event> pending, int claimEvents)
    {
        for (var next = 0; next < pending.Count;)
        {
            using var claim = publisher.Claim(Math.Min(claimEvents, pending.Count - next));
            for (var i = 0; i < claim.Capacity; i++, next++)
                claim.Add(pending[next].Key, pending[next].Time, pending[next].Value / 3.0);
            claim.Publish();
        }

        pending.Clear();
    }

    private static WindowedStep<string> Configure(WindowVector vector)
    {
        var events = StreamProcessorBuilder.ForKeys<string>().Measure("value", MeasureType.Double);
        var shape = vector.Window;
        var windows = shape.Kind switch
        {
            "tumbling" => events.TumblingWindows(Windowing.Span(shape.Size), offset: Windowing.Span(shape.Offset)),
            "sliding" => events.SlidingWindows(
                Windowing.Span(shape.Size), Windowing.Span(shape.Slide), Windowing.Span(shape.Offset)),
            _ => events.SessionWindows(Windowing.Span(shape.Gap)),
        };
        var step = windows
            .AllowedLateness(Windowing.Span(vector.AllowedLateness))
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = Windowing.OptionalSpan(vector.MaxOutOfOrderness),
                JumpGuard = Windowing.GuardOf(vector.JumpGuard),
            })
            .Accumulation(Enum.Parse<AccumulationMode>(vector.Mode, ignoreCase: true));
        if (vector.Fill is { } fill)
            step = step.FillGaps(fill.MaxEmpty, Enum.Parse<GapValues>(fill.With, ignoreCase: true));
        if (vector.Trigger.EarlyCount is { } early)
            step = step.Early(early);
        return vector.Trigger.LateNever ? step.LateNever() : step.Late(vector.Trigger.LateCount ?? 1);
    }
}
