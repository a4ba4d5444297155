using CsCheck;
using DisruptorStream.Building;
using DisruptorStream.Emission;

namespace DisruptorStream.Tests.State.Slices;

/// <summary>A window's values depend on what its slices hold, and on nothing else; and they come cheaply.</summary>
public sealed class WindowFoldsTests
{
    private const int Keys = 3;

    private static readonly Gen<(Event[] Events, int[] Delays, long Size, long Slide)> Streams = Gen.Select(
        Gen.Select(Gen.Int[0, Keys - 1], Gen.Int[0, 9], Gen.Int[1, 1000]).Array[1, 150],
        Gen.Int[0, 60].Array[150],
        Gen.Int[1, 60],
        Gen.Long[1, 12],
        Gen.Long[-300, 300],
        Gen.Frequency((4, Gen.Const(0L)), (1, Gen.Long[1, 400])),
        (parts, delays, overlap, slide, begin, gap) =>
        {
            var time = begin;
            var events = parts.Select((part, index) =>
            {
                time += (part.Item2 < 7 ? 0 : part.Item2) + (index == parts.Length / 2 ? gap : 0);
                return new Event(part.Item1, time, part.Item3);
            });
            return (events.ToArray(), delays, Math.Max(1, (overlap * slide) - (delays[0] % slide)), slide);
        });

    /// <summary>Events late by up to 60 reach windows that have fired and windows that are open still.</summary>
    [Fact]
    public void LastPanes_SlicesFilledInAnyOrder_AreThoseOfTheStreamInOrder() => Streams.Sample(
        stream =>
        {
            var inOrder = LastPanes(stream.Events, stream.Size, stream.Slide);
            var arrivals = Delay(stream.Events, stream.Delays, stream.Size, stream.Slide);
            var delayed = LastPanes(arrivals, stream.Size, stream.Slide);
            Assert.Equal(Text(inOrder), Text(delayed));
        },
        iter: 500,
        threads: 1);

    /// <summary>An aggregate that does not commute sees the slices in their order.</summary>
    [Fact]
    public void Panes_InOrder_HoldTheValuesOfTheirWindowInOrder() => Streams.Sample(
        stream =>
        {
            var panes = LastPanes(stream.Events, stream.Size, stream.Slide);
            foreach (var ((start, key), values) in panes)
            {
                var inside = stream.Events
                    .Where(one => one.Key == key && one.Time >= start && one.Time < start + stream.Size)
                    .Select(one => one.Value);
                Assert.Equal(Sequenced.Of(inside), BitConverter.Int64BitsToDouble(values[0]));
            }

            var expected = stream.Events.SelectMany(one => StartsOf(one.Time, stream.Size, stream.Slide)
                .Select(start => (start, one.Key))).ToHashSet();
            Assert.Equal(expected.Order(), panes.Keys.Order());
        },
        iter: 500,
        threads: 1);

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(3600)]
    [InlineData(10_000)]
    public void Fire_AnyOverlap_TakesAFewMergesPerPaneAndHasNoSpike(int overlap)
    {
        using var processor = new Counted(overlap, TimeSpan.Zero);
        var (total, most) = (0L, 0L);
        for (var slide = 0; slide < 2 * overlap; slide++)
        {
            var merges = processor.Publish(slide * 10L);
            (total, most) = (total + merges, Math.Max(most, merges));
        }

        Assert.InRange(total, overlap, 7L * 2 * overlap);
        Assert.InRange(most, 3, 80);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(3600)]
    public void LateEvent_AnyOverlap_TakesABoundedNumberOfMerges(int overlap)
    {
        using var processor = new Counted(overlap, TimeSpan.FromDays(1));
        for (var slide = 0; slide < 2 * overlap; slide++)
            processor.Publish(slide * 10L);

        // Two windows have fired with the slice, and show it in a late pane each; the third has not.
        var slice = (2L * overlap) - 3;
        var late = processor.Publish(slice * 10);
        var next = processor.Publish(2L * overlap * 10);
        Assert.InRange(late, 2, 150);
        Assert.InRange(next, 1, 80);
    }

    private static string Text(Dictionary<(long Start, int Key), long[]> panes) => string.Join(
        Environment.NewLine,
        panes.OrderBy(pane => pane.Key).Select(pane => $"{pane.Key}: {string.Join(' ', pane.Value)}"));

    private static IEnumerable<long> StartsOf(long time, long size, long slide)
    {
        var newest = time - (((time % slide) + slide) % slide);
        for (var start = newest; start > time - size; start -= slide)
            yield return start;
    }

    /// <summary>
    /// The events in an order in which many are late, those of each slice among themselves in the order given.
    /// </summary>
    private static Event[] Delay(Event[] events, int[] delays, long size, long slide)
    {
        var order = Enumerable.Range(0, events.Length).OrderBy(index => events[index].Time + delays[index]).ToArray();
        var arrivals = new Event[events.Length];
        var grouped = Enumerable.Range(0, events.Length).GroupBy(index => SliceOf(events[index].Time, size, slide))
            .ToDictionary(slice => slice.Key, slice => new Queue<int>(slice));
        for (var place = 0; place < order.Length; place++)
            arrivals[place] = events[grouped[SliceOf(events[order[place]].Time, size, slide)].Dequeue()];
        return arrivals;
    }

    private static (long Start, bool IsSecond) SliceOf(long time, long size, long slide)
    {
        var distance = ((time % slide) + slide) % slide;
        return (time - distance, distance >= size % slide);
    }

    /// <summary>What each window showed last.</summary>
    private static Dictionary<(long Start, int Key), long[]> LastPanes(Event[] events, long size, long slide)
    {
        var sink = new LastPaneSink();
        var processor = Sliding(size, slide, TimeSpan.FromDays(1))
            .Aggregate(a => a.Custom<Sequenced, Sequenced.State>("order").Count("count").Sum("sum").Average("average")
                .Variance("variance").Min("min").Max("max").Percentile("p50", 50).Distinct("distinct")
                .MovingAverage("ema", 0.3))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(sink)
            .Build();
        foreach (var one in events)
            processor.Publish(one.Key, one.Time, one.Value + (one.Value / 4096.0 / 3));
        processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return sink.Panes;
    }

    private static WindowedStep<int> Sliding(long size, long slide, TimeSpan lateness) =>
        StreamProcessorBuilder.ForKeys<int>()
            .SlidingWindows(TimeSpan.FromTicks(size), TimeSpan.FromTicks(slide))
            .AllowedLateness(lateness);

    private readonly record struct Event(int Key, long Time, double Value);

    private sealed class LastPaneSink : IResultSink<int>
    {
        public Dictionary<(long Start, int Key), long[]> Panes { get; } = [];

        public void OnResults(ResultBatch<int> batch)
        {
            foreach (var result in batch)
                Panes[(result.Window.StartTicks, result.Key)] = result.RawValues.ToArray();
        }
    }

    /// <summary>One key, slides of 10; tells how many merges an event causes.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly StreamProcessor<int> _processor;

        public Counted(int overlap, TimeSpan lateness) => _processor = Sliding(overlap * 10L, 10, lateness)
            .Aggregate(a => a.Custom<Sequenced, Sequenced.State>("order"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(new LastPaneSink())
            .Build();

        public long Publish(long time)
        {
            var before = Sequenced.Merges;
            _processor.Publish(1, time, 1);
            return Sequenced.Merges - before;
        }

        public void Dispose() => _processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
