using DisruptorStream.Aggregation;
using DisruptorStream.Emission;
using DisruptorStream.Reporting.Instruments;
using DisruptorStream.Telemetry;
using DisruptorStream.Telemetry.Guards;
using DisruptorStream.Tests.Emission.Delivery;
using DisruptorStream.Windows;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Telemetry;

/// <summary>Every instrument says what happened, by numbers that are known beforehand.</summary>
public sealed class InstrumentTests
{
    private static readonly long Hour = TimeSpan.FromHours(1).Ticks;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddHours(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instruments_KnownEvents_CountThem()
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithTimeProvider(_time)
            .WithName("calls").WithMeterFactory(reading)
            .To(new RecordingSink { FailuresToCome = 1 }, SinkFailurePolicy.Retry(3, TimeSpan.FromTicks(1)))
            .To(new RecordingSink { FailuresToCome = 1 }, SinkFailurePolicy.Skip)
            .Build();
        Publish(processor);
        reading.Collect();

        Assert.Equal(
            [7, 7, 1, 1, 0, 0, 0],
            Of(
                reading,
                "events.published calls",
                "events.processed calls",
                "events.dropped calls late",
                "events.dropped calls not_finite",
                "events.dropped calls key_limit",
                "events.unwindowed calls",
                "user.failures calls"));
        Assert.Equal([1, 3, 0], Of(reading, "assignments.late calls", "windows.fired calls", "windows.evicted calls"));
        Assert.Equal([2, 0, 0], Of(reading, "keys.active calls", "ring.backlog calls", "ring.occupancy calls"));
        Assert.Equal(
            [3, 0, 0, 0], Of(
                reading,
                "results.emitted calls",
                "results.retracted calls",
                "results.buffered calls",
                "results.blocked.time calls"));
        Assert.Equal([2, 1, 1], Of(reading, "sink.failures calls", "sink.retries calls", "sink.skips calls"));
    }

    [Fact]
    public async Task Instruments_OpenWindows_AreOpenedAndNotClosed()
    {
        using var reading = new MeterReading();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SessionWindows(TimeSpan.FromTicks(10)).Counting(ExecutionMode.Inline).WithMeterFactory(reading)
            .Build();
        foreach (var key in (string[])["a", "b", "c"])
            processor.Publish(key, 0, 1);
        reading.Collect();
        Assert.Equal([3, 3, 0], Of(
            reading, "windows.opened default", "windows.active default", "windows.fired default"));
        Assert.Equal(processor.GetStats().StateBytes, reading["state.size default"].Single());
        processor.Publish("a", 100, 1);
        reading.Collect();
        Assert.Equal([4, 1, 3], Of(
            reading, "windows.opened default", "windows.active default", "windows.fired default"));
    }

    [Fact]
    public async Task Instruments_Watermarks_AreSecondsAndTellTheSources()
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithTimeProvider(_time)
            .WithMeterFactory(reading).Build();
        reading.Collect();
        Assert.Empty(reading["watermark.timestamp default"]);
        using var slow = processor.CreatePublisher("slow");
        using var fast = processor.CreatePublisher("fast");
        slow.Publish("a", Hour - TimeSpan.TicksPerSecond, 1);
        fast.Publish("a", Hour, 1);
        fast.AdvanceWatermark(Hour - 5);
        _time.Advance(TimeSpan.FromSeconds(4));
        reading.Collect();

        Assert.Equal([3599, 5], Of(reading, "watermark.timestamp default", "watermark.lag default"));
        Assert.Equal([3599, 3600], Of(
            reading, "source.watermark.timestamp default slow", "source.watermark.timestamp default fast"));
        Assert.Equal([5, 4, 1], Of(
            reading,
            "source.watermark.lag default slow",
            "source.watermark.lag default fast",
            "watermark.regressions default"));
    }

    [Fact]
    public async Task Instruments_ResultsHeldBack_ShowTheirLatencyAndTheRing()
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).WithTimeProvider(_time)
            .WithMeterFactory(reading).To(new RecordingSink()).Build();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 12, 1);
        reading.Collect();

        // The two events, the first tick and the registration of their source.
        Assert.Equal([65_536, 4, 4.0 / 65_536], Of(
            reading, "ring.capacity default", "ring.backlog default", "ring.occupancy default"));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        processor.Start();
        await processor.FlushAsync(Token);
        reading.Collect();

        Assert.Equal([0.25], reading["result.latency default"]);
        foreach (var quantile in (string[])["0.5", "0.95", "0.99"])
            Assert.InRange(reading[$"result.latency.recent default {quantile}"].Single(), 0.24, 0.26);
        Assert.InRange(reading["stage.utilization default worker"].Single(), 0, 1);
        Assert.Single(reading["stage.busy.time default worker"]);
        Assert.Equal(0, reading["ring.backlog default"].Single());
    }

    [Fact]
    public async Task Instruments_Batches_AreCountedAndEverySixteenthIsRecorded()
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithTimeProvider(_time)
            .WithMeterFactory(reading).Build();
        using var publisher = processor.CreatePublisher("p");

        // The first tick and the registration of the source are the first two batches.
        for (var batch = 3; batch <= 32; batch++)
        {
            using var claim = publisher.Claim(batch == 16 ? 5 : 1);
            for (var i = 0; i < claim.Capacity; i++)
                claim.Add("a", 1, 1);
            claim.Publish();
        }

        reading.Collect();
        Assert.Equal([5, 1], reading["batch.size default"]);
        Assert.Equal(32, reading["batches.processed default"].Single());
    }

    [Fact]
    public async Task Instruments_RingIsFull_CountTheTimeThatPublishersWait()
    {
        using var reading = new MeterReading();
        using var release = new ManualResetEventSlim();
        var sink = new RecordingSink { OnCall = () => release.Wait(Token) };
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused)
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { RingCapacity = 64 })
            .WithTimeProvider(_time).WithMeterFactory(reading).To(sink).Build();
        processor.Start();
        var publisher = Task.Run(
            () =>
            {
                for (var at = 0; at < 2000; at++)
                    processor.Publish("a", at, 1);
            },
            Token);
        while (processor.GetStats().BackPressureTime < TimeSpan.FromSeconds(2))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        release.Set();
        await publisher;
        reading.Collect();
        Assert.Equal(
            processor.GetStats().BackPressureTime.TotalSeconds,
            reading["ring.backpressure.time default"].Single());
    }

    [Fact]
    public async Task Instruments_TwoProcessorsOfOneFactory_ReportUntilTheyAreDisposed()
    {
        using var reading = new SharedMeter();
        var first = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithName("one")
            .WithMeterFactory(reading).Build();
        await using var second = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithName("two")
            .WithMeterFactory(reading).Build();
        first.Publish("a", 1, 1);
        Assert.Equal("one 1, two 0", reading.Collect());
        await first.DisposeAsync();
        Assert.Equal("two 0", reading.Collect());
    }

    [Fact]
    public async Task Instruments_WindowsThatFail_AreFailuresOfTheUser()
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Custom<Refusing, double>("refusing"))
            .WithOptions(Processors.Options(ExecutionMode.Inline)).WithMeterFactory(reading).Build();
        foreach (var key in (string[])["a", "b", "c"])
            processor.Publish(key, 1, 1);
        reading.Collect();
        Assert.Equal([3], reading["user.failures default"]);
    }

    [Fact]
    public async Task Instruments_MoreWindowsThanAKeyMayHold_AreEvicted()
    {
        using var reading = new MeterReading();
        await using var processor = StreamProcessorBuilder.ForKeys<string>().SessionWindows(TimeSpan.FromTicks(5))
            .Watermarks(new() { MaxOutOfOrderness = null }).Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with
            {
                MaxWindowsPerKey = 2,
                WindowOverflow = WindowOverflowPolicy.EvictOldest,
            })
            .WithMeterFactory(reading).Build();
        foreach (var time in (long[])[0, 20, 40, 60])
            processor.Publish("a", time, 1);
        reading.Collect();
        Assert.Equal([2, 2], Of(reading, "windows.evicted default", "windows.active default"));
    }

    [Fact]
    public async Task Instruments_EventsBetweenWindows_AreUnwindowed()
    {
        using var reading = new MeterReading();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(3), TimeSpan.FromTicks(10)).Counting(ExecutionMode.Inline)
            .WithMeterFactory(reading).Build();
        foreach (var time in (long[])[0, 2, 3, 9, 12])
            processor.Publish("a", time, 1);
        reading.Collect();
        Assert.Equal([5, 2], Of(reading, "events.processed default", "events.unwindowed default"));
    }

    [Fact]
    public async Task Instruments_RepeatedPanes_AreRetractedAndWaitForAReader()
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10).Early(count: 1).Accumulation(AccumulationMode.Retracting)
            .Counting(ExecutionMode.Inline).WithMeterFactory(reading).Build();
        for (var time = 1; time <= 3; time++)
            processor.Publish("a", time, 1);
        reading.Collect();

        // Each pane but the first takes the one before it back.
        string[] names = ["results.emitted default", "results.retracted default", "results.buffered default"];
        Assert.Equal([3, 2, 5], Of(reading, names));
        Assert.True(processor.TryReadResult(out _));
        reading.Collect();
        Assert.Equal([3, 2, 4], Of(reading, names));
    }

    [Fact]
    public async Task Instruments_ResultsAreNotRead_CountTheTimeThatTheyAreHeld()
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10)
            .Counting(ExecutionMode.Fused)
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { ResultBufferSize = 2 })
            .WithTimeProvider(_time).WithMeterFactory(reading).Build();
        processor.Start();
        foreach (var time in (long[])[1, 11, 21, 31])
            processor.Publish("a", time, 1);
        while (processor.GetStats().ResultBufferBlockedTime < TimeSpan.FromSeconds(2))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await processor.StopAsync(StopMode.Abort, Token);
        reading.Collect();
        Assert.Equal(
            [2, processor.GetStats().ResultBufferBlockedTime.TotalSeconds],
            Of(reading, "results.buffered default", "results.blocked.time default"));
    }

    [Fact]
    public async Task Instruments_SinkTakesItsTime_IsWorkOfTheThread()
    {
        using var reading = new MeterReading();
        var sink = new RecordingSink { OnCall = () => _time.Advance(TimeSpan.FromSeconds(3)) };
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).WithTimeProvider(_time)
            .WithMeterFactory(reading).To(sink).Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 12, 1);

        // One result now, and one at the end.
        await processor.FlushAsync(Token);
        await processor.StopAsync(StopMode.Complete, Token);
        reading.Collect();
        Assert.Equal([6, 1], Of(
            reading, "stage.busy.time default worker", "stage.utilization default worker"));
    }

    [Fact]
    public async Task Instruments_ThreadThatMostlyWaits_ShowItsShareOfWork()
    {
        using var reading = new MeterReading();
        await using var idle = Processors.Tumbling(10).Counting(ExecutionMode.Inline).Build();
        var stage = new StageClock("hand", _time);
        var byHand = new ByHand(stage, idle.GetStats());
        MeterInstruments.Of(reading, new HostFailures()).Add(byHand);
        stage.Start();
        _time.Advance(TimeSpan.FromSeconds(2));
        stage.BeginWait();
        _time.Advance(TimeSpan.FromSeconds(6));
        stage.EndWait();
        reading.Collect();
        Assert.Equal([2, 0.25], Of(reading, "stage.busy.time by hand hand", "stage.utilization by hand hand"));
    }

    [Fact]
    public async Task Collect_EventsArriveMeanwhile_ShowsOneInstant()
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithTimeProvider(_time)
            .WithMeterFactory(reading).Build();
        string[] names = ["events.published default", "events.processed default", "keys.active default"];
        reading.OnMeasurement = name =>
        {
            if (name == "disruptorstream.events.published")
                processor.Publish("a", 1, 1);
        };
        reading.Collect();
        Assert.Equal([0, 0, 0], Of(reading, names));
        reading.Collect();
        Assert.Equal([1, 1, 1], Of(reading, names));
    }

    private static void Publish(StreamProcessor<string> processor)
    {
        processor.Publish("a", Hour + 1, 1);
        processor.Publish("b", Hour + 2, 1);
        processor.Publish("a", Hour + 3, 1);
        processor.Publish("a", Hour + 3, double.NaN);
        processor.Publish("a", Hour + 12, 1);
        processor.Publish("a", Hour + 1, 1);
        processor.Publish("a", Hour + 25, 1);
    }

    private static double[] Of(MeterReading reading, params string[] names) =>
        [.. names.Select(name => reading[name].Single())];

    private readonly struct Refusing : IAggregate<double>
    {
        public static double Initial => 0;

        public static void Accumulate(ref double state, in Measurement measurement) =>
            throw new InvalidOperationException();

        public static void Merge(ref double state, in double later) => state += later;

        public static double Result(in double state) => state;
    }

    /// <summary>A processor with one thread, and no more than that.</summary>
    private sealed class ByHand : IMeteredProcessor
    {
        private readonly ProcessorStats _stats;

        public ByHand(StageClock stage, ProcessorStats stats)
        {
            Stages = [stage];
            _stats = stats;
        }

        public KeyValuePair<string, object?> Tag => new(MeterInstruments.ProcessorTag, "by hand");

        public IReadOnlyList<StageClock> Stages { get; }

        public ProcessorStats Stats(int instrument) => _stats;
    }
}
