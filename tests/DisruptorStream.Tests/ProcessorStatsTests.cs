using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Tests.Emission.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests;

public sealed class ProcessorStatsTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddHours(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task GetStats_AResultIsHeldBack_ItsLatencyIsFromPublicationToSink(ExecutionMode mode)
    {
        var sink = new RecordingSink();
        await using var processor = Processors.Tumbling(10).Counting(mode)
            .WithTimeProvider(_time).To(sink).Build();
        Assert.Null(processor.GetStats().LatencyP99);
        if (mode != ExecutionMode.Inline)
        {
            // What is published before the start waits in the ring.
            processor.Publish("a", 1, 1);
            processor.Publish("a", 12, 1);
            _time.Advance(TimeSpan.FromMilliseconds(250));
            processor.Start();
        }
        else
        {
            processor.Publish("a", 1, 1);
            processor.Publish("a", 12, 1);
        }

        await processor.FlushAsync(Token);
        var expected = mode == ExecutionMode.Inline ? TimeSpan.Zero : TimeSpan.FromMilliseconds(250);
        var stats = processor.GetStats();
        Assert.Single(sink.Batches);
        Assert.InRange(stats.LatencyP50!.Value, expected * 0.96, expected * 1.04);
        Assert.Equal(stats.LatencyP50, stats.LatencyP99);
        Assert.Equal(stats.LatencyP50, stats.LatencyP95);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(processor.GetStats().LatencyP99);
    }

    /// <summary>What is fired is emitted, or discarded: nothing is in neither figure, and nothing in both.</summary>
    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task GetStats_AbortedOverAFullBuffer_EmittedIsWhatCanBeReadAndTheRestIsDiscarded(ExecutionMode mode)
    {
        await using var processor = Processors.Tumbling(10).Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { ResultBufferSize = 2 }).Build();
        processor.Start();
        PublishAndFire(processor);
        Assert.True(SpinWait.SpinUntil(() => processor.GetStats().ResultBufferBlocks == 1, Processors.Patience));
        Assert.Equal(0, processor.GetStats().ResultsDiscarded);
        await processor.DisposeAsync();
        var read = 0;
        await foreach (var result in processor.ReadResultsAsync(Token))
            read++;

        var stats = processor.GetStats();
        Assert.Equal(2, read);
        Assert.Equal((2, 8, 10), (stats.ResultsEmitted, stats.ResultsDiscarded, stats.WindowsFired));
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task GetStats_TheSinkFails_AllThatWasFiredIsDiscarded(ExecutionMode mode)
    {
        await using var processor = Processors.Tumbling(10).Counting(mode)
            .To(new RecordingSink { FailuresToCome = 1 }).Build();
        processor.Start();
        Record.Exception(() => PublishAndFire(processor));
        await Assert.ThrowsAsync<PipelineException>(
            () => processor.Completion.WaitAsync(Processors.Patience, Token));

        var stats = processor.GetStats();
        Assert.Equal((0, 10, 10), (stats.ResultsEmitted, stats.ResultsDiscarded, stats.WindowsFired));
    }

    [Fact]
    public void GetStats_LatencyIsNotMeasured_IsNull()
    {
        var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline)
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { MeasureLatency = false }).Build();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 12, 1);
        Assert.Equal(1, processor.GetStats().ResultsEmitted);
        Assert.Null(processor.GetStats().LatencyP50);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    public async Task GetStats_BatchOfKeyedEvents_IsCountedAndTimed(ExecutionMode mode)
    {
        await using var processor = Processors.Tumbling(10).Counting(mode).WithTimeProvider(_time)
            .To(new RecordingSink()).Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("p");
        using var key = processor.GetKey("a");
        KeyedEvent[] events = [.. Enumerable.Range(1, 16).Select(at => new KeyedEvent(key, at, 1))];
        publisher.Publish(events);
        await processor.FlushAsync(Token);
        var stats = processor.GetStats();
        Assert.Equal((16, 16, 1), (stats.EventsPublished, stats.EventsProcessed, stats.ResultsEmitted));
        Assert.Equal(TimeSpan.Zero, stats.LatencyP99);
    }

    [Fact]
    public void GetStats_TwoSources_TellsWhichHoldsTheWatermarkAndSinceWhen()
    {
        var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithTimeProvider(_time)
            .WithName("calls").Build();
        using var slow = processor.CreatePublisher("slow");
        using var fast = processor.CreatePublisher("fast");
        var hour = TimeSpan.FromHours(1).Ticks;
        slow.Publish("a", hour - 50, 1);
        fast.Publish("a", hour - 20, 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        processor.Advance();
        fast.Publish("a", hour - 10, 1);

        var stats = processor.GetStats();
        Assert.Equal(("calls", ProcessorState.Running), (stats.Name, stats.State));
        Assert.Equal("slow", stats.WatermarkHeldBy);
        Assert.Equal(hour - 50, stats.WatermarkTicks);
        Assert.Equal(TimeSpan.FromSeconds(5) + TimeSpan.FromTicks(50), stats.WatermarkLag);
        Assert.Equal(TimeSpan.FromSeconds(5) + TimeSpan.FromTicks(10), stats.LagOf(stats.Sources[1]));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddHours(1), stats.WatermarkMoved);
        Assert.Equal([true, false], stats.Sources.Select(source => source.HoldsWatermark));

        slow.Publish("a", hour - 5, 1);
        Assert.Equal("fast", processor.GetStats().WatermarkHeldBy);
        Assert.Equal(_time.GetUtcNow(), processor.GetStats().WatermarkMoved);
        fast.MarkIdle();
        slow.MarkIdle();
        Assert.Null(processor.GetStats().WatermarkHeldBy);
    }

    [Fact]
    public async Task ToString_IsForPeople()
    {
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithTimeProvider(_time)
            .WithName("calls").To(new CollectingSink<string>()).Build();
        for (var i = 0; i < 1234; i++)
            processor.Publish($"key{i % 3}", 1000, 1);
        processor.Publish("a", 1, 1);
        processor.Publish("a", 1, double.NaN);

        var lines = processor.GetStats().ToString().Split(Environment.NewLine);

        Assert.Equal("processor     calls, Running, at 1970-01-01 01:00:00 UTC", lines[0]);
        Assert.Equal("events        1,236 of 1,236 handled", lines[1]);
        Assert.Equal("dropped       2: 1 Late, 1 NotFinite", lines[2]);
        Assert.Equal("slices        1 open of 1, 0 panes", lines[3]);
        Assert.Contains(lines, line => line.StartsWith("watermark     00:00:00.0001, 59:59 min behind the clock, "
            + "held by 'default'", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("System.", StringComparison.Ordinal) || line.Contains('{'));
    }

    [Fact]
    public async Task ToString_Sessions_SaysSessions()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>().SessionWindows(TimeSpan.FromTicks(10))
            .Counting(ExecutionMode.Inline).WithTimeProvider(_time).Build();
        processor.Publish("a", 1, 1);

        var lines = processor.GetStats().ToString().Split(Environment.NewLine);

        Assert.Contains("sessions      1 open of 1, 0 panes", lines);
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task GetStats_AfterAnAbort_TellsWhatWasDiscardedAndNothingWaits(ExecutionMode mode)
    {
        var processor = Processors.Tumbling(10).Counting(mode).WithTimeProvider(_time).Build();
        for (var i = 0; i < 1000; i++)
            processor.Publish("a", 1, 1);
        Assert.True(processor.GetStats().RingBacklog >= 1000);

        await processor.DisposeAsync();

        var stats = processor.GetStats();
        Assert.Equal((1000, 0), (stats.EventsDiscarded, stats.RingBacklog));
        Assert.Contains("discarded     1,000 events, by the abort", stats.ToString().Split(Environment.NewLine));
    }

    [Fact]
    public async Task ToString_EventsDiscardedByAFailure_SaysSo()
    {
        var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).WithTimeProvider(_time)
            .To(new RecordingSink { FailuresToCome = 1 }).Build();
        for (var time = 0; time < 2000; time++)
            processor.Publish("a", time, 1);
        processor.Start();
        await Assert.ThrowsAsync<PipelineException>(() => processor.Completion.WaitAsync(Processors.Patience, Token));

        var stats = processor.GetStats();

        Assert.Equal(2000, stats.EventsDiscarded + stats.EventsProcessed);
        Assert.Equal(
            stats.EventsDiscarded > 0,
            stats.ToString().Contains("events, by the failure", StringComparison.Ordinal));
        Assert.Equal(0, stats.RingBacklog);
    }

    [Fact]
    public async Task GetStats_SinkFailsAndRecovers_CountsFailuresInARow()
    {
        var sink = new RecordingSink { FailuresToCome = 2 };
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithTimeProvider(_time)
            .To(sink, SinkFailurePolicy.Skip).Build();
        processor.Publish("a", 1, 1);
        Assert.Null(processor.GetStats().LastSinkFailure);
        processor.Publish("a", 11, 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        processor.Publish("a", 21, 1);
        var failing = processor.GetStats();
        Assert.Equal((2, 2, 2), (failing.ConsecutiveSinkFailures, failing.SinkFailures, failing.SinkSkips));
        Assert.Equal(_time.GetUtcNow(), failing.LastSinkFailure);
        processor.Publish("a", 31, 1);
        Assert.Equal((0, 2), (processor.GetStats().ConsecutiveSinkFailures, processor.GetStats().SinkFailures));
    }

    [Fact]
    public async Task GetStats_ThroughALife_TellsTheState()
    {
        var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).Build();
        Assert.Equal(ProcessorState.Created, processor.GetStats().State);
        processor.Start();
        Assert.Equal(ProcessorState.Running, processor.GetStats().State);
        await processor.StopAsync(StopMode.Complete, Token);
        Assert.Equal(ProcessorState.Stopped, processor.GetStats().State);

        var faulty = Processors.Tumbling(10).Counting(ExecutionMode.Inline)
            .To(new RecordingSink { FailuresToCome = 1 }).Build();
        faulty.Publish("a", 1, 1);
        Assert.Throws<PipelineException>(() => faulty.Publish("a", 11, 1));
        Assert.Equal(ProcessorState.Faulted, faulty.GetStats().State);
    }

    [Fact]
    public void GetStats_AbandonedAndFailedClaims_AreNoEvents()
    {
        var processor = StreamProcessorBuilder.ForKeys<string>().TumblingWindows(TimeSpan.FromTicks(10))
            .Counting(ExecutionMode.Inline).Build();
        using var publisher = processor.CreatePublisher("p");
        using (publisher.Claim(3))
        {
        }

        using (var claim = publisher.Claim(3))
        {
            claim.Add("a", 1, 1);
            claim.Publish();
        }

        processor.Advance();
        Assert.Equal((1, 1), (processor.GetStats().EventsPublished, processor.GetStats().EventsProcessed));
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task GetStats_WhileEventsAreDropped_TheCountsFitTogether(ExecutionMode mode)
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SessionWindows(TimeSpan.FromTicks(3)).Counting(mode).To(new CollectingSink<string>()).Build();
        processor.Start();
        var publisher = Task.Factory.StartNew(
            () =>
            {
                // Every other event is late for its session, and dropped by the shard.
                for (var at = 0L; at < 200_000; at++)
                    processor.Publish("a", at % 2 == 0 ? at : -1000, 1);
            },
            Token,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var last = processor.GetStats();
        while (last.EventsProcessed < 200_000)
        {
            var stats = processor.GetStats();
            Assert.True(stats.EventsDropped <= stats.EventsProcessed);
            Assert.True(stats.EventsProcessed <= stats.EventsPublished);
            Assert.True(stats.ActiveWindows >= 0);
            Assert.True(stats.EventsProcessed >= last.EventsProcessed && stats.EventsDropped >= last.EventsDropped);
            last = stats;
        }

        await publisher;
        await processor.FlushAsync(Token);
        Assert.Equal(100_000, processor.GetStats().LateDropped);
        Assert.Equal(200_000, processor.GetStats().EventsPublished);
    }

    /// <summary>Fires the windows of ten keys at once.</summary>
    private static void PublishAndFire(StreamProcessor<string> processor)
    {
        for (var key = 0; key < 10; key++)
            processor.Publish($"k{key}", 1, 1);
        processor.Publish("k0", 20, 1);
    }
}
