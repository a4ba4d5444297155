using DisruptorStream.Aggregation;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Slots.Inline;

/// <summary>Inline, single events wait for others, to be handled with them: nobody sees it.</summary>
public sealed class InlineGatheringTests
{
    /// <summary>How what was published so far can be seen.</summary>
    public static TheoryData<string, bool> Looks
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var look in new[] { "stats", "watermark", "sources", "no result", "window" })
            {
                data.Add(look, false);
                data.Add(look, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Publish_OneByOne_EachLookSeesThemAll(string look, bool isOfOtherThread)
    {
        await using var processor = GatheredCall.Build(ExecutionMode.Inline, new CollectingSink<int>());
        using var publisher = processor.CreateEventPublisher("singles");
        var wrong = new List<string>();
        for (var count = 1; count <= 400; count++)
        {
            publisher.Publish(new GatheredCall(count % GatheredCall.Keys, count, 1));
            if (count % 37 != 0)
                continue;
            var seen = isOfOtherThread
                ? await GatheredCall.OnOtherThread(() => Look(processor, look))
                : Look(processor, look);
            if (seen != count)
                wrong.Add($"{count}: {seen}");
        }

        Assert.Empty(wrong);
        Assert.True(processor.GetStats().BatchesProcessed < 400, "No event has waited.");
    }

    [Fact]
    public async Task Publish_EventThatEndsAWindow_ItsResultsAreThereWhenTheCallReturns()
    {
        var collector = new CollectingSink<int>();
        await using var processor = GatheredCall.Build(ExecutionMode.Inline, collector);
        using var publisher = processor.CreateEventPublisher("singles");
        var wrong = new List<string>();
        for (var ticks = 0L; ticks < 20 * GatheredCall.Window; ticks += 3)
        {
            publisher.Publish(new GatheredCall((int)(ticks % GatheredCall.Keys), ticks, 1));
            if (collector.Count != ticks / GatheredCall.Window * GatheredCall.Keys)
                wrong.Add($"{ticks}: {collector.Count}");
        }

        Assert.Empty(wrong);
    }

    /// <summary>A call that fires results and ends with an ordinary event leaves the buffer full.</summary>
    [Fact]
    public async Task Publish_ResultsAreFull_IsRefusedAtOnce()
    {
        await using var processor = Processors.Tumbling(GatheredCall.Window).Counting(ExecutionMode.Inline).Build();
        processor.Start();
        using var reader = processor.CreateResultReader(new ResultReaderOptions { Capacity = 1 });
        using var publisher = processor.CreatePublisher("singles");
        using var key = processor.GetKey("a");
        for (var ticks = 0; ticks < 100; ticks++)
            publisher.Publish("a", ticks, 1);

        publisher.Publish([
            new KeyedEvent(key, GatheredCall.Window, 1),
            new KeyedEvent(key, 2 * GatheredCall.Window, 1),
            new KeyedEvent(key, 2 * GatheredCall.Window, 1),
        ]);

        Assert.Throws<ResultBufferFullException>(() => publisher.Publish("a", 2 * GatheredCall.Window, 1));
        await processor.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Publish_MetricOfTheHost_RunsInItsCall()
    {
        await using var processor = Processors.Tumbling(GatheredCall.Window)
            .Aggregate(a => a.Custom<Counted, long>("counted"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(new CollectingSink<string>())
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("singles");
        var wrong = new List<int>();
        Counted.Seen.Value = 0;
        for (var count = 1; count <= 200; count++)
        {
            publisher.Publish("a", count, 1);
            if (Counted.Seen.Value != count)
                wrong.Add(count);
        }

        Assert.Empty(wrong);
    }

    /// <summary>Where the clock decides what is due, each call looks at it.</summary>
    [Fact]
    public async Task Publish_SourceGoesIdleByTheClock_ResultsComeWithTheNextCall()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(1));
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(GatheredCall.Window)
            .Watermarks(new WatermarkOptions { IdleTimeout = TimeSpan.FromSeconds(5) })
            .Counting(ExecutionMode.Inline)
            .WithTimeProvider(time)
            .To(collector)
            .Build();
        processor.Start();
        using var silent = processor.CreatePublisher("silent");
        using var publisher = processor.CreatePublisher("singles");
        silent.Publish("b", 5, 1);
        for (var count = 1; count <= 200; count++)
            publisher.Publish("a", GatheredCall.Window + count, 1);
        Assert.Equal(0, collector.Count);

        time.Advance(TimeSpan.FromSeconds(10));
        publisher.Publish("a", GatheredCall.Window + 200, 1);

        Assert.Equal(1, collector.Count);
    }

    [Theory]
    [InlineData("dispose")]
    [InlineData("abort")]
    [InlineData("complete")]
    public async Task End_SomeWait_TheyAreHandled(string end)
    {
        var collector = new CollectingSink<int>();
        var processor = GatheredCall.Build(ExecutionMode.Inline, collector);
        var publisher = processor.CreateEventPublisher("singles");
        for (var count = 1; count <= 50; count++)
            publisher.Publish(new GatheredCall(1, count, 1));

        if (end != "dispose")
        {
            await processor.StopAsync(
                end == "abort" ? StopMode.Abort : StopMode.Complete, TestContext.Current.CancellationToken);
        }

        await processor.DisposeAsync();

        var stats = processor.GetStats();
        Assert.Equal((50, 50, 0), (stats.EventsPublished, stats.EventsProcessed, stats.EventsDiscarded));
        Assert.Equal(end == "complete" ? 1 : 0, collector.Count);
    }

    /// <summary>Threads take turns, and one looks all the time: nothing is lost, nothing comes twice.</summary>
    [Fact]
    public async Task Publish_ThreadsTakeTurnsWhileOthersLook_AllAreCountedOnce()
    {
        const int Events = 60_000;
        var collector = new CollectingSink<int>();
        await using var processor = GatheredCall.Build(ExecutionMode.Inline, collector);
        using var publisher = processor.CreateEventPublisher("turns");
        using var turn = new SemaphoreSlim(1);
        using var isOver = new CancellationTokenSource();
        var (next, backwards) = (0, 0);
        var looks = Task.Run(() =>
        {
            var before = 0L;
            while (!isOver.IsCancellationRequested)
            {
                var published = processor.GetStats().EventsPublished;
                backwards += published < before ? 1 : 0;
                before = published;
            }
        });
        var threads = Enumerable.Range(0, 3).Select(number => Task.Run(() =>
        {
            var random = new Random(number);
            while (true)
            {
                turn.Wait();
                try
                {
                    for (var left = random.Next(1, 400); left > 0; left--)
                    {
                        if (next == Events)
                            return;
                        publisher.Publish(new GatheredCall(next % GatheredCall.Keys, next / 50, 1));
                        next++;
                    }
                }
                finally
                {
                    turn.Release();
                }
            }
        })).ToArray();
        await Task.WhenAll(threads).WaitAsync(10 * Processors.Patience, TestContext.Current.CancellationToken);
        await isOver.CancelAsync();
        await looks.WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);

        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(0, backwards);
        Assert.Equal(Events, processor.GetStats().EventsProcessed);
        Assert.Equal(Events, collector.Results.Sum(result => (long)result[0]));
    }

    [Fact]
    public async Task Publish_StoppedByAnotherThread_EachEventIsRefusedOrCounted()
    {
        for (var round = 0; round < 200; round++)
        {
            await using var processor = GatheredCall.Build(ExecutionMode.Inline, new CollectingSink<int>());
            using var publisher = processor.CreateEventPublisher("singles");
            using var isUnderWay = new ManualResetEventSlim();
            var mode = round % 2 == 0 ? StopMode.Complete : StopMode.Abort;
            var published = 0;
            var publishing = Task.Run(() =>
            {
                try
                {
                    while (true)
                    {
                        publisher.Publish(new GatheredCall(1, published, 1));
                        if (++published == 100)
                            isUnderWay.Set();
                    }
                }
                catch (Exception exception) when (exception is ProcessorStoppedException or InvalidOperationException)
                {
                    // It was stopped, or the stop is in the ring at this moment.
                }
            });
            Assert.True(isUnderWay.Wait(Processors.Patience, TestContext.Current.CancellationToken));

            await processor.StopAsync(mode, TestContext.Current.CancellationToken);
            await publishing.WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);

            var stats = processor.GetStats();
            Assert.Equal(stats.EventsPublished, stats.EventsProcessed + stats.EventsDiscarded);
            Assert.InRange(stats.EventsPublished, published, published + 1);
            Assert.True(mode == StopMode.Abort || stats.EventsDiscarded == 0);
        }
    }

    private static long? Look(StreamProcessor<GatheredCall, int> processor, string look) => look switch
    {
        "stats" => processor.GetStats().EventsProcessed,
        "watermark" => processor.WatermarkTicks,
        "sources" => processor.GetSources()[^1].NewestTicks,
        "no result" => processor.WhyNoResult().Stats.EventsProcessed,
        _ => processor.Why(1, new TimeWindow(0, GatheredCall.Window)).LastSequence - 1,
    };

    /// <summary>Counts its events on this thread.</summary>
    private readonly struct Counted : IAggregate<long>
    {
        public static readonly ThreadLocal<int> Seen = new();

        public static long Initial => 0;

        public static void Accumulate(ref long state, in Measurement measurement)
        {
            Seen.Value++;
            state++;
        }

        public static void Merge(ref long state, in long later) => state += later;

        public static double Result(in long state) => state;
    }
}
