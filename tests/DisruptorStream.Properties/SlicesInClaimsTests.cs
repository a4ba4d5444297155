using CsCheck;
using DisruptorStream.Conformance.Running;
using DisruptorStream.Ingest;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Properties;

/// <summary>
/// Many events in a row may go into two slices together, where every window of both is open: nothing of it may show,
/// whatever the windows, the disorder and the cuts.
/// </summary>
public sealed class SlicesInClaimsTests
{
    private const int Cases = 1_500;
    private const int Keys = 90;

    /// <summary>Time creeps on, and one event in five is somewhat behind, a few far.</summary>
    private static readonly Gen<Row> AnyRow = Gen.Select(
        Gen.Frequency((3, Gen.Int[0, 5]), (1, Gen.Int[0, Keys - 1])),
        Gen.Frequency((8, Gen.Long[0, 1]), (1, Gen.Long[2, 25])),
        Gen.Frequency((20, Gen.Const(0L)), (5, Gen.Long[1, 20]), (1, Gen.Long[21, 60])),
        Gen.Int[-9, 9],
        (key, step, behind, value) => new Row(key, step, behind, value));

    private static readonly Gen<Shape> AnyShape = Gen.Select(
        Gen.Long[1, 40],
        Gen.Frequency((2, Gen.Const(0L)), (2, Gen.Long[1, 30])),
        Gen.Long[-10, 10],
        Gen.Frequency((3, Gen.Const(0L)), (1, Gen.Long[1, 30])),
        Gen.Long[0, 25],
        Gen.Frequency((3, Gen.Const(1 << 20)), (1, Gen.Int[1, 3])),
        (size, slide, offset, lateness, bound, most) => new Shape(size, slide, offset, lateness, bound, most));

    [Theory]
    [InlineData(false, ExecutionMode.Inline, 1)]
    [InlineData(true, ExecutionMode.Inline, 1)]
    [InlineData(false, ExecutionMode.Fused, 1)]
    [InlineData(false, ExecutionMode.Staged, 2)]
    public void Publish_InAnyClaims_EqualsOneByOne(bool furtherMetrics, ExecutionMode mode, int shards)
    {
        var results = 0L;
        var cases = mode == ExecutionMode.Inline ? Cases : Cases / 10;
        Gen.Select(AnyShape, AnyRow.Array[0, 400], Gen.Int[2, 400]).Sample(
            (shape, rows, cut) =>
            {
                var one = Run(shape, rows, 1, furtherMetrics, RunSettings.Inline);
                var cuts = Run(shape, rows, cut, furtherMetrics, new RunSettings(mode, shards));
                Assert.Equal(one, cuts);
                results += one.Count;
            },
            iter: cases,
            threads: 1);
        Assert.True(results > cases * 20, $"Only {results} results.");
    }

    private static List<string> Run(Shape shape, Row[] rows, int cut, bool furtherMetrics, RunSettings settings)
    {
        var log = new ResultLines<string>(withSequences: true);
        var events = StreamProcessorBuilder.ForKeys<string>();
        var windows = shape.Slide == 0
            ? events.TumblingWindows(Windowing.Span(shape.Size), offset: Windowing.Span(shape.Offset))
            : events.SlidingWindows(
                Windowing.Span(shape.Size), Windowing.Span(shape.Slide), Windowing.Span(shape.Offset));
        var processor = windows
            .AllowedLateness(Windowing.Span(shape.Lateness))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = Windowing.Span(shape.Bound) })
            .Aggregate(a => (furtherMetrics ? a.First("first") : a).Count("count").Sum("sum").Min("min").Max("max"))
            .WithOptions(settings.Options with { MaxSlices = shape.MaxSlices })
            .WithTimeProvider(new VirtualClock())
            .To(log)
            .DroppedEventsTo(log)
            .Build();
        processor.Start();
        Publish(processor, rows, cut);
        processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
        var stats = processor.GetStats();
        log.Lines.Add($"{stats.EventsProcessed} {stats.EventsDropped}");
        log.Lines.Add($"{stats.LateDroppedAssignments} {stats.EventsInNoWindow}");
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return log.Lines;
    }

    private static void Publish(StreamProcessor<string> processor, Row[] rows, int cut)
    {
        using var publisher = processor.CreatePublisher("source");
        var handles = Enumerable.Range(0, Keys).Select(key => processor.GetKey($"key{key}")).ToArray();
        var time = 0L;

        // Sums of thirds tell in which order they were added up.
        var events = Array.ConvertAll(
            rows, row => new KeyedEvent(handles[row.Key], (time += row.Step) - row.Behind, row.Value / 3.0));
        foreach (var claim in events.Chunk(cut))
            publisher.Publish(claim);
        publisher.Complete();
    }

    private sealed record Shape(long Size, long Slide, long Offset, long Lateness, long Bound, int MaxSlices);

    private sealed record Row(int Key, long Step, long Behind, int Value);
}
