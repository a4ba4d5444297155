using System.Globalization;
using CsCheck;
using DisruptorStream.Conformance.Cases;
using DisruptorStream.Conformance.Running;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Properties.Model;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream.Properties;

/// <summary>
/// Sessions take events in order many at a time, and find out afterwards what became due in between: nothing of it may
/// show, whatever the events and the cuts.
/// </summary>
public sealed class SessionsInClaimsTests
{
    private const int Cases = 800;
    private const int Keys = 6;
    private const int WatermarkEvery = 30;

    /// <summary>
    /// Time creeps on and now and then leaps, so that keys come back after their sessions; few events are late.
    /// </summary>
    private static readonly Gen<Row> AnyRow = Gen.Select(
        Gen.Int[0, Keys - 1],
        Gen.Frequency((40, Gen.Long[0, 1]), (8, Gen.Long[2, 9]), (1, Gen.Long[10, 90])),
        Gen.Frequency((30, Gen.Const(0L)), (4, Gen.Long[1, 8]), (1, Gen.Long[9, 60])),
        Gen.Int[-9, 9],
        (key, step, behind, value) => new Row(key, step, behind, value));

    private static readonly Gen<Shape> AnyShape = Gen.Select(
        Gen.Long[1, 25],
        Gen.Frequency((3, Gen.Const(0L)), (3, Gen.Long[1, 30]), (1, Gen.Const(long.MaxValue))),
        Gen.Frequency((3, Gen.Const((long?)0)), (3, Gen.Long[1, 8].Select(n => (long?)n)), (1, Gen.Const((long?)null))),
        Gen.Frequency((3, Gen.Const(1 << 20)), (1, Gen.Int[1, 3])),
        Gen.OneOf(Gen.Const("accumulating"), Gen.Const("discarding"), Gen.Const("retracting")),
        Gen.Frequency((1, Gen.Const((long?)null)), (2, Gen.Long[1, 3].Select(n => (long?)n))),
        (gap, lateness, bound, most, mode, late) => new Shape(gap, lateness, bound, most, mode, late));

    [Theory]
    [InlineData(false, ExecutionMode.Inline)]
    [InlineData(true, ExecutionMode.Inline)]
    [InlineData(false, ExecutionMode.Fused)]
    public void Publish_InAnyClaims_EqualsOneByOneAndTheModel(bool furtherMetrics, ExecutionMode mode)
    {
        var results = 0L;
        Gen.Select(AnyShape, AnyRow.Array[0, 400], Gen.Int[2, 400]).Sample(
            (shape, rows, cut) =>
            {
                var one = Run(shape, rows, 1, furtherMetrics, RunSettings.Inline);
                var cuts = Run(shape, rows, cut, furtherMetrics, new RunSettings(mode, 1));
                Assert.Equal(one.Lines, cuts.Lines);
                if (!shape.IsLimited)
                    Assert.Equal(Model(shape, rows), one.Panes);
                results += one.Lines.Count;
            },
            iter: mode == ExecutionMode.Inline ? Cases : Cases / 10,
            threads: 1);
        Assert.True(results > (mode == ExecutionMode.Inline ? Cases * 20 : Cases * 2), $"Only {results} results.");
    }

    /// <summary>More events than are handled in one go, of more keys than there is room for at first.</summary>
    [Theory]
    [InlineData(700)]
    [InlineData(40_000)]
    public void Publish_ManyKeysAndLongClaims_EqualsOneByOne(int keys)
    {
        var shape = new Shape(200, 0, 0, 1 << 20, "accumulating", 1);
        var rows = Enumerable.Range(0, 6_000)
            .Select(index => (Key: index * 7919 % (index < 3_000 ? 50 : keys), index))
            .Select(row => new Row(row.Key, row.index % 3 == 0 ? 1 : 0, 0, row.index % 9))
            .ToArray();

        var one = Run(shape, rows, 1, furtherMetrics: false, RunSettings.Inline);
        var cuts = Run(shape, rows, 5_000, furtherMetrics: false, RunSettings.Inline);

        Assert.Equal(one.Lines, cuts.Lines);
        Assert.Equal(Model(shape, rows), cuts.Panes);
    }

    private static (List<string> Lines, List<string> Panes) Run(
        Shape shape, Row[] rows, int cut, bool furtherMetrics, RunSettings settings)
    {
        var log = new ResultLines<string>(withSequences: true);
        var sink = new CollectingSink<string>();
        var windows = StreamProcessorBuilder.ForKeys<string>().SessionWindows(Windowing.Span(shape.Gap))
            .AllowedLateness(Windowing.Span(shape.Lateness))
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = shape.Bound is { } bound ? Windowing.Span(bound) : null,
            })
            .Accumulation(Enum.Parse<AccumulationMode>(shape.Mode, ignoreCase: true));
        windows = shape.LateCount is { } late ? windows.Late(late) : windows.LateNever();
        var processor = windows
            .Aggregate(a => (furtherMetrics ? a.First("first") : a)
                .Count("count").Sum("sum").Min("min").Max("max").Rate("rate"))
            .WithOptions(settings.Options with { MaxWindowsPerKey = shape.MaxWindows })
            .WithTimeProvider(new VirtualClock())
            .To(log)
            .To(sink)
            .DroppedEventsTo(log)
            .Build();
        processor.Start();
        Publish(processor, shape, rows, cut);
        processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (log.Lines, [.. sink.Results.Select(result => Describe(result)).Order(StringComparer.Ordinal)]);
    }

    private static void Publish(StreamProcessor<string> processor, Shape shape, Row[] rows, int cut)
    {
        using var publisher = processor.CreatePublisher("source");
        var handles = Enumerable.Range(0, rows.Select(row => row.Key + 1).DefaultIfEmpty().Max())
            .Select(key => processor.GetKey($"key{key}"))
            .ToArray();

        // Sums of thirds tell in which order they were added up.
        var events = Times(rows).Select(row => new KeyedEvent(handles[row.Key], row.Time, row.Value / 3.0))
            .ToArray();

        // Where events move no watermark, the source states one now and then.
        foreach (var part in events.Chunk(shape.Bound is null ? WatermarkEvery : events.Length + 1))
        {
            foreach (var claim in part.Chunk(cut))
                publisher.Publish(claim);
            if (shape.Bound is null)
                publisher.AdvanceWatermark(part[^1].TimestampTicks);
        }

        publisher.Complete();
    }

    private static List<string> Model(Shape shape, Row[] rows)
    {
        var steps = new List<WindowStep>();
        foreach (var part in Times(rows).Chunk(WatermarkEvery))
        {
            steps.AddRange(part.Select(row => new WindowStep.Event($"key{row.Key}", row.Time, row.Value)));
            if (shape.Bound is null)
                steps.Add(new WindowStep.Watermark(part[^1].Time));
        }

        steps.Add(new WindowStep.EndOfInput());
        var outcome = WindowModel.Run(new WindowVector("sessions")
        {
            Window = new WindowShape("session", 0, 0, shape.Gap, 0),
            Trigger = new TriggerShape(null, null, shape.LateCount, null, shape.LateCount is null),
            Mode = shape.Mode,
            AllowedLateness = shape.Lateness,
            MaxOutOfOrderness = shape.Bound,
            ProcessingTime = false,
            Steps = steps,
            Expected = [],
            ExpectedDropped = null,
        });
        return [.. outcome.Panes.Select(pane => Describe(pane)).Order(StringComparer.Ordinal)];
    }

    /// <summary>A pane as the model has it.</summary>
    private static string Describe(WindowResult<string> result)
    {
        // Each session has a length of its own.
        var length = (double)(result.Window.EndTicks - result.Window.StartTicks) / TimeSpan.TicksPerSecond;
        Assert.Equal(result.GetInt64("count") / length, result.GetDouble("rate"), 1e-9 / length);
        return Describe(new Pane(
            0,
            result.Key,
            result.Window.StartTicks,
            result.Window.EndTicks,
            result.GetInt64("count"),
            (long)Math.Round(result.GetDouble("sum") * 3),
            Panes.NameOf(result.Timing),
            result.Timing == PaneTiming.Retract ? null : result.PaneIndex));
    }

    private static string Describe(Pane pane) => string.Create(
        CultureInfo.InvariantCulture,
        $"{pane.Key} [{pane.Start}, {pane.End}) {pane.Timing} #{pane.Index} {pane.Count} {pane.Sum}");

    private static IEnumerable<(int Key, long Time, long Value)> Times(Row[] rows)
    {
        var time = 0L;
        foreach (var row in rows)
        {
            time += row.Step;
            yield return (row.Key, time - row.Behind, row.Value);
        }
    }

    private sealed record Shape(
        long Gap, long Lateness, long? Bound, int MaxWindows, string Mode, long? LateCount)
    {
        public bool IsLimited => MaxWindows < 1 << 20;
    }

    private sealed record Row(int Key, long Step, long Behind, int Value);
}
