using System.Globalization;
using CsCheck;
using DisruptorStream.Conformance.Running;
using DisruptorStream.Emission;
using DisruptorStream.Properties.Model;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Properties;

/// <summary>
/// Silences in any mode, in any claims, and saved and loaded between any two steps, are those of the obvious model.
/// </summary>
public sealed class SilencesTests
{
    private const int Cases = 150;
    private const int Keys = 5;
    private const int EventsPerStep = 5;

    private static readonly RunSettings[] Settings =
    [
        RunSettings.Inline,
        new(ExecutionMode.Fused, 1),
        new(ExecutionMode.Staged, 1),
        new(ExecutionMode.Staged, 4),
        RunSettings.Restarted,
        RunSettings.RestartedInTurn with { StepsPerRestart = 4 },
    ];

    /// <summary>Time creeps on and now and then leaps; some events come behind, and few of them too late.</summary>
    private static readonly Gen<Row> AnyRow = Gen.Select(
        Gen.Int[0, Keys - 1],
        Gen.Frequency((20, Gen.Long[0, 2]), (8, Gen.Long[3, 9]), (2, Gen.Long[10, 90])),
        Gen.Frequency((20, Gen.Const(0L)), (5, Gen.Long[1, 8]), (2, Gen.Long[9, 60])),
        Gen.Int[-9, 9],
        (key, step, behind, value) => new Row(key, step, behind, value));

    private static readonly Gen<Shape> AnyShape = Gen.Select(
        Gen.Long[1, 20],
        Gen.Frequency((1, Gen.Const(0L)), (3, Gen.Long[1, 60])),
        Gen.Frequency(
            (3, Gen.Const((long?)0)), (4, Gen.Long[1, 30].Select(n => (long?)n)), (1, Gen.Const((long?)null))),
        (after, more, bound) => new Shape(after, after + more, bound));

    [Fact]
    public void Publish_AnyModeAndRestarts_EqualsTheModel()
    {
        var (results, ends) = (0L, 0L);
        Gen.Select(AnyShape, AnyRow.Array[0, 150], Gen.Int[1, EventsPerStep]).Sample(
            (shape, rows, cut) =>
            {
                var (expected, dropped) = Model(shape, rows);
                foreach (var settings in Settings)
                {
                    var actual = RunAsync(shape, rows, cut, settings).GetAwaiter().GetResult();
                    Assert.True(
                        expected.SequenceEqual(actual.Lines),
                        $"{settings}:\n{string.Join('\n', actual.Lines)}\nnot\n{string.Join('\n', expected)}");
                    Assert.Equal(dropped, actual.Dropped);
                }

                results += expected.Count;
                ends += expected.Count(row => row.Contains(" Ended ", StringComparison.Ordinal));
            },
            iter: Cases,
            threads: 1);
        Assert.True(results > Cases * 8 && ends > Cases * 3, $"Only {results} results, {ends} of them ends.");
    }

    private static async Task<(List<string> Lines, long Dropped)> RunAsync(
        Shape shape, Row[] rows, int cut, RunSettings settings)
    {
        var sink = new CollectingSink<string>();
        var dropped = new DroppedCounter();
        await using var run = new RestartingRun(settings, current => StreamProcessorBuilder.ForKeys<string>()
            .Silence(Windowing.Span(shape.After), Windowing.Span(shape.Kept))
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = shape.Bound is { } bound ? Windowing.Span(bound) : null,
            })
            .Aggregate(a => a.Count("count").Sum("sum").First("first").Percentile("p50", 50))
            .WithOptions(current.Options)
            .WithTimeProvider(new VirtualClock())
            .To(sink)
            .DroppedEventsTo(dropped));
        var publisher = run.Processor.CreatePublisher("source");
        foreach (var part in Times(rows).Chunk(EventsPerStep))
        {
            foreach (var claimed in part.Chunk(cut))
            {
                using var claim = publisher.Claim(claimed.Length);
                foreach (var (key, time, value) in claimed)
                    claim.Add($"key{key}", time, value);
                claim.Publish();
            }

            if (shape.Bound is null)
                publisher.AdvanceWatermark(part[^1].Time);
            if (await run.EndStepAsync())
                publisher = run.Processor.CreatePublisher("source");
        }

        await run.Processor.StopAsync(StopMode.Complete);
        return ([.. sink.Results.Select(Describe)], dropped.Count);
    }

    private static (List<string> Rows, long Dropped) Model(Shape shape, Row[] rows)
    {
        var model = new SilenceModel(shape.After, shape.Kept, shape.Bound);
        foreach (var part in Times(rows).Chunk(EventsPerStep))
        {
            foreach (var (key, time, value) in part)
                model.OnEvent($"key{key}", time, value);
            if (shape.Bound is null)
                model.AdvanceTo(part[^1].Time);
        }

        model.OnEnd();
        return (model.Rows, model.Dropped);
    }

    private static string Describe(WindowResult<string> result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Key} [{result.Window.StartTicks}, {result.Window.EndTicks}) {result.Timing} {result.Silence} "
        + $"#{result.PaneIndex} {result.GetInt64("count")} {result["sum"]}");

    private static IEnumerable<(int Key, long Time, long Value)> Times(Row[] rows)
    {
        var time = 0L;
        foreach (var row in rows)
        {
            time += row.Step;
            yield return (row.Key, time - row.Behind, row.Value);
        }
    }

    private sealed class DroppedCounter : IDroppedEventSink<string>
    {
        public long Count { get; private set; }

        public void OnDropped(in DroppedEvent<string> dropped) => Count++;
    }

    private sealed record Shape(long After, long Kept, long? Bound);

    private sealed record Row(int Key, long Step, long Behind, int Value);
}
