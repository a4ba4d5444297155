using CsCheck;
using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Ingest;

/// <summary>
/// Inline, batches are processed in the caller's memory: nothing of it may show, whatever the events and the cuts.
/// </summary>
public sealed class EventsInPlaceTests
{
    private const int Keys = 5;
    private const int Now = 400;

    private static readonly Gen<Row> AnyRow = Gen.Select(
        Gen.Int[0, Keys - 1],
        Gen.Frequency((60, Gen.Long[0, 400]), (1, OneOf(long.MinValue, long.MaxValue, Now + 1_000L))),
        Gen.Frequency((60, Gen.Double[-10, 10]), (1, OneOf(-0.0, double.NaN, double.PositiveInfinity))),
        (key, jitter, value) => new Row(key, jitter, value));

    /// <summary>The first window's events come in order, what follows jumps back by up to the whole time.</summary>
    private static readonly Gen<Row[]> AnyRows = AnyRow.Array[0, 300].Select(Gen.Int[0, 300], SortStart);

    [Theory]
    [InlineData(false, NonFinitePolicy.RejectEvent)]
    [InlineData(true, NonFinitePolicy.RejectEvent)]
    [InlineData(false, NonFinitePolicy.IgnoreMeasure)]
    public void Publish_AnyEventsInAnyCuts_EqualsOneByOne(bool sessions, NonFinitePolicy policy) =>
        Gen.Select(AnyRows, Gen.Int[1, 300]).Sample(
            (rows, cut) =>
            {
                var one = Run(sessions, policy, rows, 1, handles: false);
                var cuts = Run(sessions, policy, rows, cut, handles: true);
                Assert.Equal(one, cuts);
            },
            iter: 300);

    [Fact]
    public void Publish_AfterTheSourceHasEnded_IsDroppedAndRouted()
    {
        var log = new ResultLines<int>(withSequences: true);
        using var run = new InlineRun(sessions: false, NonFinitePolicy.RejectEvent, log);
        var events = run.Events([.. Enumerable.Range(0, 20).Select(index => new Row(index % Keys, index, 1))]);

        run.Publisher.Complete();
        using var late = run.Processor.CreatePublisher("late");
        late.Publish(events);

        Assert.Equal(20, run.Processor.GetStats().DroppedBy(DropReason.AfterEnd));
        Assert.Equal(20, log.Lines.Count(line => line.Contains("AfterEnd", StringComparison.Ordinal)));
    }

    [Fact]
    public void Publish_WithAKeyOfLowIdGone_StillTakesTheOthers()
    {
        var log = new ResultLines<int>(withSequences: true);
        using var run = new InlineRun(sessions: false, NonFinitePolicy.RejectEvent, log);
        var events = run.Events([.. Enumerable.Range(0, 40).Select(index => new Row(1 + (index % 4), index, 1))]);
        run.Handles[0].Dispose();

        run.Publisher.Publish(events);

        Assert.Equal(40, run.Processor.GetStats().EventsProcessed);
        Assert.Equal(0, run.Processor.GetStats().EventsDropped);
    }

    [Fact]
    public void Publish_InPlace_AllocatesNothing()
    {
        using var run = new InlineRun(sessions: false, NonFinitePolicy.RejectEvent, new Counting());
        var events = run.Events([.. Enumerable.Range(0, 5_000).Select(index => new Row(index % Keys, index, index))]);
        for (var warmUp = 0; warmUp < 3; warmUp++)
            run.Publisher.Publish(events);

        var before = GC.GetAllocatedBytesForCurrentThread();
        run.Publisher.Publish(events);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Row[] SortStart(Row[] rows, int count)
    {
        var start = Math.Min(count, rows.Length);
        return [.. rows[..start].OrderBy(row => row.Ticks), .. rows[start..]];
    }

    private static List<string> Run(bool sessions, NonFinitePolicy policy, Row[] rows, int cut, bool handles)
    {
        var log = new ResultLines<int>(withSequences: true);
        using var run = new InlineRun(sessions, policy, log);
        if (handles)
        {
            foreach (var part in run.Events(rows).Chunk(cut))
                run.Publisher.Publish(part);
        }
        else
        {
            foreach (var row in rows)
                run.Publisher.Publish(row.Key, row.Ticks, row.Value);
        }

        run.Publisher.Complete();
        log.Lines.Add($"{run.Processor.GetStats().EventsProcessed}");
        return log.Lines;
    }

    private sealed record Row(int Key, long Ticks, double Value);

    private sealed class InlineRun : IDisposable
    {
        public InlineRun(bool sessions, NonFinitePolicy policy, IResultSink<int> sink)
        {
            var keyed = StreamProcessorBuilder.ForKeys<int>();
            var windowed = sessions
                ? keyed.SessionWindows(TimeSpan.FromTicks(15))
                : keyed.SlidingWindows(TimeSpan.FromTicks(60), TimeSpan.FromTicks(20));
            var built = windowed
                .AllowedLateness(TimeSpan.FromTicks(30))
                .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(10) })
                .Aggregate(a => a.Count("count").Sum("sum").Min("min").First("first").Last("last"))
                .WithOptions(new StreamProcessorOptions
                {
                    Mode = ExecutionMode.Inline,
                    NonFinite = policy,
                    FutureSkewLimit = TimeSpan.FromTicks(500),
                })
                .WithTimeProvider(new VirtualClock { Ticks = Now })
                .To(sink);
            Processor = (sink is ResultLines<int> log ? built.DroppedEventsTo(log) : built).Build();
            Handles = [.. Enumerable.Range(0, Keys).Select(Processor.GetKey)];
            Publisher = Processor.CreatePublisher("test");
        }

        public StreamProcessor<int> Processor { get; }

        public KeyHandle[] Handles { get; }

        public KeyedPublisher<int> Publisher { get; }

        public KeyedEvent[] Events(Row[] rows) =>
            [.. rows.Select(row => new KeyedEvent(Handles[row.Key], row.Ticks, row.Value))];

        public void Dispose()
        {
            Publisher.Dispose();
            Processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private sealed class Counting : IResultSink<int>
    {
        public long Results { get; private set; }

        public void OnResults(ResultBatch<int> batch) => Results += batch.Count;
    }
}
