using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Ingest;

/// <summary>An event that a filter took out moves the watermark, and does nothing else.</summary>
public sealed class FilteredEventTests
{
    private const long Bound = 5;

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task PublishFiltered_BeyondTheEnd_FiresTheWindowAndIsCountedNowhere(ExecutionMode mode)
    {
        var collector = new CollectingSink<string>();
        var drops = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10).Watermarks(Disorder).Counting(mode)
            .To(collector).DroppedEventsTo(drops).Build();
        processor.Start();
        var publisher = processor.CreatePublisher("source");
        publisher.Publish("a", 3, 0);
        publisher.PublishFiltered(15);
        publisher.Publish("a", 4, 0);
        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(["a [0, 10) OnTime 1"], collector.Texts());
        Assert.Equal([("a", DropReason.Late)], drops.Dropped.Select(drop => (drop.Key, drop.Reason)));
        var stats = processor.GetStats();
        Assert.Equal((2, 2), (stats.EventsPublished, stats.EventsProcessed));
        Assert.Equal(1, stats.Keys);
    }

    /// <summary>A refused time is refused for the stream, and moves nothing.</summary>
    [Fact]
    public async Task PublishFiltered_TimeOutOfRange_IsRefusedWithoutKey()
    {
        var collector = new CollectingSink<string>();
        var drops = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10).Watermarks(Disorder).Counting(ExecutionMode.Inline)
            .To(collector).DroppedEventsTo(drops).Build();
        processor.Start();
        var publisher = processor.CreatePublisher("source");
        publisher.Publish("a", 3, 0);
        publisher.PublishFiltered(long.MaxValue);
        publisher.Publish("a", 4, 0);
        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(["a [0, 10) OnTime 2"], collector.Texts());
        Assert.Equal([(null, DropReason.TimestampOutOfRange)], drops.Dropped.Select(drop => (drop.Key, drop.Reason)));
    }

    /// <summary>It has no key, so it confirms nothing; but its source has gone on where it is no jump.</summary>
    [Fact]
    public async Task PublishFiltered_JumpGuard_AJumpMovesNothingAndAnOrdinaryOneRefusesWhatIsHeld()
    {
        var collector = new CollectingSink<string>();
        var drops = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10)
            .Watermarks(new WatermarkOptions
            {
                JumpGuard = new JumpGuardOptions(TimeSpan.FromTicks(100)) { Keys = 2, Events = 9 },
            })
            .Counting(ExecutionMode.Inline)
            .To(collector).DroppedEventsTo(drops).Build();
        processor.Start();
        var publisher = processor.CreatePublisher("source");
        publisher.PublishFiltered(1000);
        Assert.Null(processor.WatermarkTicks);
        publisher.Publish("a", 1, 0);
        publisher.Publish("b", 2, 0);
        Assert.Equal(2, processor.WatermarkTicks);

        publisher.Publish("c", 500, 0);
        publisher.PublishFiltered(600);
        Assert.Equal((2, 1), (processor.WatermarkTicks, processor.GetStats().EventsHeld));
        publisher.PublishFiltered(15);

        Assert.Equal((15, 0), (processor.WatermarkTicks, processor.GetStats().EventsHeld));
        Assert.Equal([("c", DropReason.TimestampJump)], drops.Reasons());
        Assert.Equal(["a [0, 10) OnTime 1", "b [0, 10) OnTime 1"], collector.Texts());
        await processor.StopAsync(StopMode.Complete);
    }

    /// <summary>What lies between the windows moves the watermark and enters none: so does what is filtered.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task PublishFiltered_InHoles_EqualsEventsThere(ExecutionMode mode)
    {
        var events = Gen.Select(Gen.Int[0, 1], Gen.Long[0, 80]).List[0, 60];
        await events.SampleAsync(
            async list => Assert.Equal(
                await RunAsync(mode, list, filters: false), await RunAsync(mode, list, filters: true)),
            iter: 30);
    }

    /// <summary>Sessions have no holes: there the watermark is the same that a source may state itself.</summary>
    [Fact]
    public async Task PublishFiltered_Sessions_EqualStatedWatermarks() =>
        await Gen.Select(Gen.Bool, Gen.Long[0, 80]).List[0, 60].SampleAsync(
            async list => Assert.Equal(
                await RunSessionsAsync(list, states: true), await RunSessionsAsync(list, states: false)),
            iter: 50);

    private static WatermarkOptions Disorder => new() { MaxOutOfOrderness = TimeSpan.FromTicks(Bound) };

    private static async Task<List<string>> RunAsync(
        ExecutionMode mode, List<(int Source, long Time)> events, bool filters)
    {
        var collector = new CollectingSink<string>();
        var drops = new CollectingDroppedEventSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(7), TimeSpan.FromTicks(10))
            .AllowedLateness(TimeSpan.FromTicks(3)).Watermarks(Disorder).Counting(mode)
            .To(collector).DroppedEventsTo(drops).Build();
        processor.Start();
        var publishers = new[] { processor.CreatePublisher("0"), processor.CreatePublisher("1") };
        foreach (var (source, time) in events)
        {
            // A key of their own, since the order of keys is that in which they first come.
            var isInHole = time % 10 >= 7;
            if (filters && isInHole)
                publishers[source].PublishFiltered(time);
            else
                publishers[source].Publish(isInHole ? "hole" : $"{time % 3}", time, 0);
        }

        await processor.StopAsync(StopMode.Complete);
        return [.. collector.Texts(), .. drops.Dropped.Select(drop => $"{drop.Key} {drop.Reason}")];
    }

    private static async Task<List<string>> RunSessionsAsync(List<(bool IsFiltered, long Time)> events, bool states)
    {
        var collector = new CollectingSink<string>();
        var drops = new CollectingDroppedEventSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>().SessionWindows(TimeSpan.FromTicks(4))
            .Watermarks(Disorder).Counting(ExecutionMode.Inline).To(collector).DroppedEventsTo(drops).Build();
        processor.Start();
        var publisher = processor.CreatePublisher("source");
        foreach (var (isFiltered, time) in events)
        {
            if (!isFiltered)
                publisher.Publish("a", time, 0);
            else if (states)
                publisher.AdvanceWatermark(time - Bound);
            else
                publisher.PublishFiltered(time);
        }

        await processor.StopAsync(StopMode.Complete);
        return [.. collector.Texts(), .. drops.Dropped.Select(drop => $"{drop.Key} {drop.Reason}")];
    }
}
