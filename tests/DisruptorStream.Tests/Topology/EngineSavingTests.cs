using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Saving;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Topology;

/// <summary>The state of a running processor is saved, and another one goes on from there.</summary>
public sealed class EngineSavingTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ExecutionMode, int, ExecutionMode, int> Pairs => new()
    {
        { ExecutionMode.Inline, 1, ExecutionMode.Inline, 1 },
        { ExecutionMode.Inline, 1, ExecutionMode.Staged, 4 },
        { ExecutionMode.Fused, 1, ExecutionMode.Inline, 1 },
        { ExecutionMode.Fused, 1, ExecutionMode.Staged, 2 },
        { ExecutionMode.Staged, 4, ExecutionMode.Staged, 2 },
        { ExecutionMode.Staged, 2, ExecutionMode.Fused, 1 },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task SaveStateAsync_LoadedInAnotherMode_GoesOnToTheSameResults(
        ExecutionMode from, int shardsFrom, ExecutionMode to, int shardsTo)
    {
        var whole = new CollectingSink<string>();
        await using (var processor = Build(ExecutionMode.Inline, 1, whole))
        {
            Publish(processor, 0, 200);
            await processor.StopAsync(StopMode.Complete, Token);
        }

        var parts = new CollectingSink<string>();
        using var state = new MemoryStream();
        ProcessorStats before;
        await using (var first = Build(from, shardsFrom, parts))
        {
            first.Start();
            Publish(first, 0, 100);
            await first.SaveStateAsync(state, Token);
            before = first.GetStats();
        }

        state.Position = 0;
        await using var second = Pipeline(to, shardsTo, parts).Load(state);
        var loaded = second.GetStats();
        second.Start();
        Publish(second, 100, 200);
        await second.StopAsync(StopMode.Complete, Token);

        Assert.Equal(whole.Texts(), parts.Texts());
        Assert.Equal(
            (before.EventsProcessed, before.EventsPublished, before.ResultsEmitted, before.WindowsFired),
            (loaded.EventsProcessed, loaded.EventsPublished, loaded.ResultsEmitted, loaded.WindowsFired));
        Assert.Equal(before.WatermarkTicks, loaded.WatermarkTicks);
        Assert.Equal(before.Keys, loaded.Keys);
        Assert.Equal(0, loaded.ResultsUndelivered);
        Assert.Equal(before.Sources, loaded.Sources);
        Assert.Equal(200, second.GetStats().EventsPublished);
    }

    [Fact]
    public async Task SaveStateAsync_EqualHistories_AreEqualBytesInEveryMode()
    {
        var states = new List<byte[]>();
        foreach (var (mode, shards) in ((ExecutionMode, int)[])[
            (ExecutionMode.Inline, 1), (ExecutionMode.Fused, 1), (ExecutionMode.Staged, 1), (ExecutionMode.Staged, 4)])
        {
            await using var processor = Build(mode, shards, new CollectingSink<string>());
            processor.Start();
            Publish(processor, 0, 150);
            using var state = new MemoryStream();
            await processor.SaveStateAsync(state, Token);
            states.Add(state.ToArray());
        }

        Assert.All(states, state => Assert.Equal(states[0], state));
    }

    /// <summary>
    /// Who loads puts the clock and its source into the sequence once more: the other one has two slots in their place.
    /// </summary>
    [Fact]
    public async Task SaveStateAsync_LoadedHalfWayAndContinued_IsEqualBytes()
    {
        using var half = new MemoryStream();
        using var whole = new MemoryStream();
        await using (var first = Build(ExecutionMode.Inline, 1, new CollectingSink<string>()))
        {
            Publish(first, 0, 75);
            await first.SaveStateAsync(half, Token);
            first.Advance();
            await first.SaveStateAsync(Stream.Null, Token);
            Publish(first, 75, 150);
            await first.SaveStateAsync(whole, Token);
        }

        half.Position = 0;
        using var continued = new MemoryStream();
        await using var second = Pipeline(ExecutionMode.Inline, 1, new CollectingSink<string>()).Load(half);
        Publish(second, 75, 150);
        await second.SaveStateAsync(continued, Token);

        Assert.Equal(whole.ToArray(), continued.ToArray());
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task SaveStateAsync_TheStreamThrows_IsToldAndTheProcessorGoesOn(ExecutionMode mode)
    {
        var collector = new CollectingSink<string>();
        await using var processor = Build(mode, 1, collector);
        processor.Start();
        Publish(processor, 0, 100);

        await Assert.ThrowsAsync<IOException>(() => processor.SaveStateAsync(new FullStream(), Token));

        Publish(processor, 100, 200);
        await processor.StopAsync(StopMode.Complete, Token);
        Assert.Equal(200, processor.GetStats().EventsProcessed);
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task SaveStateAsync_OtherStates_AreRefusedWithTheReason(ExecutionMode mode)
    {
        var processor = Build(mode, 1, new CollectingSink<string>());
        using var state = new MemoryStream();
        var unstarted = await Assert.ThrowsAsync<InvalidOperationException>(
            () => processor.SaveStateAsync(state, Token));
        Assert.Contains("call Start first", unstarted.Message);
        processor.Start();
        await processor.StopAsync(StopMode.Drain, Token);

        await Assert.ThrowsAsync<ProcessorStoppedException>(() => processor.SaveStateAsync(state, Token));
        await processor.DisposeAsync();
        await Assert.ThrowsAsync<ProcessorStoppedException>(() => processor.SaveStateAsync(state, Token));
        Assert.Equal(0, state.Length);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task SaveStateAsync_FromASink_IsRefused(ExecutionMode mode)
    {
        var sink = new SavingSink();
        await using var processor = Processors.Tumbling(10).Counting(mode).To(sink).Build();
        sink.Processor = processor;
        processor.Start();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 20, 1);
        if (mode != ExecutionMode.Inline)
            await processor.FlushAsync(Token);

        Assert.IsType<InvalidOperationException>(sink.Failure);
    }

    [Fact]
    public async Task SaveStateAsync_WhileOthersPublish_EveryEventIsInExactlyOneHalf()
    {
        var collector = new CollectingSink<string>();
        var states = new List<MemoryStream>();
        long counted;
        await using (var processor = Build(ExecutionMode.Staged, 2, collector))
        {
            processor.Start();
            using var stop = new CancellationTokenSource();
            var publishing = Task.Run(
                () =>
                {
                    for (var at = 0; at < 20_000 && !stop.IsCancellationRequested; at++)
                        processor.Publish($"k{at % 7}", at, 1);
                },
                Token);
            for (var round = 0; round < 5; round++)
            {
                var state = new MemoryStream();
                await processor.SaveStateAsync(state, Token);
                states.Add(state);
            }

            await stop.CancelAsync();
            await publishing;
            await processor.StopAsync(StopMode.Complete, Token);
            counted = processor.GetStats().EventsProcessed;
        }

        foreach (var state in states)
        {
            state.Position = 0;
            await using var loaded = Pipeline(ExecutionMode.Inline, 1, new CollectingSink<string>()).Load(state);
            var stats = loaded.GetStats();
            Assert.InRange(stats.EventsProcessed, 0, counted);
            Assert.Equal(stats.EventsProcessed, stats.EventsPublished);
        }
    }

    [Fact]
    public async Task Load_StateOfAnotherPlan_IsRefused()
    {
        using var state = await SavedAsync();

        var refused = Assert.Throws<StateException>(
            () => Processors.Tumbling(11).Counting(ExecutionMode.Inline).Load(state));

        Assert.Contains("built alike", refused.Message);
    }

    [Fact]
    public async Task Load_DamagedOrCutBytes_AreRefused()
    {
        var whole = (await SavedAsync()).ToArray();
        for (var length = 0; length < whole.Length; length += 7)
        {
            Assert.ThrowsAny<StateException>(
                () => Pipeline(ExecutionMode.Inline, 1, new CollectingSink<string>())
                    .Load(new MemoryStream(whole[..length])));
        }

        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x10;
            Assert.ThrowsAny<StateException>(
                () => Pipeline(ExecutionMode.Inline, 1, new CollectingSink<string>()).Load(new MemoryStream(damaged)));
        }
    }

    /// <summary>A source that has left while there was no room is taken out by the processor that goes on.</summary>
    [Fact]
    public async Task Load_SourcesOfTheOther_WaitForTheirPublishers()
    {
        using var state = new MemoryStream();
        await using (var first = Build(ExecutionMode.Inline, 1, new CollectingSink<string>()))
        {
            first.CreatePublisher("slow").Publish("a", 5, 1);
            first.CreatePublisher("fast").Publish("a", 100, 1);
            await first.SaveStateAsync(state, Token);
        }

        state.Position = 0;
        var collector = new CollectingSink<string>();
        await using var second = Pipeline(ExecutionMode.Inline, 1, collector).Load(state);
        Assert.Equal(["slow", "fast"], second.GetSources().Select(source => source.Name));
        var slow = second.CreatePublisher("slow");
        Assert.Throws<ArgumentException>(() => second.CreatePublisher("slow"));
        Assert.Empty(collector.Texts());

        slow.Dispose();

        Assert.NotEmpty(collector.Texts());
        Assert.Equal("fast", Assert.Single(second.GetSources()).Name);
    }

    /// <summary>In a new process steady time may begin anew: durations go on from what was saved.</summary>
    [Fact]
    public async Task Load_TheClockWasPutBack_DurationsGoOn()
    {
        using var state = new MemoryStream();
        _clock.Advance(TimeSpan.FromDays(1));
        await using (var first = Idling(_clock).Build())
        {
            first.CreatePublisher("silent");
            first.CreatePublisher("live").Publish("a", 1, 1);
            await first.SaveStateAsync(state, Token);
        }

        state.Position = 0;
        var back = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var second = Idling(back).Load(state);
        second.CreatePublisher("live").Publish("a", 100, 1);
        Assert.Equal(SourceState.Active, second.GetSources()[0].State);
        back.Advance(TimeSpan.FromSeconds(11));
        second.Advance();

        Assert.Equal(SourceState.Idle, second.GetSources()[0].State);
    }

    /// <summary>The clock was set ahead, and the steady one was not: when the watermark moved is a date.</summary>
    [Fact]
    public async Task Load_TheClockWasSetAhead_WatermarkMovedAtItsDate()
    {
        using var state = new MemoryStream();
        var clock = new BootedClock();
        await using (var first = Idling(clock).Build())
        {
            first.Advance();
            clock.Date = clock.Date.AddHours(1);
            first.Advance();
            first.Publish("a", 100, 1);
            await first.SaveStateAsync(state, Token);
            Assert.Equal(clock.Date, first.GetStats().WatermarkMoved);
        }

        state.Position = 0;
        await using var second = Idling(clock).Load(state);

        Assert.Equal(clock.Date, second.GetStats().WatermarkMoved);
    }

    private static BuildStep<string> Idling(TimeProvider clock) =>
        Processors.Tumbling(10)
            .Watermarks(new WatermarkOptions { IdleTimeout = TimeSpan.FromSeconds(10) })
            .Counting(ExecutionMode.Inline)
            .WithTimeProvider(clock);

    private async Task<MemoryStream> SavedAsync()
    {
        var state = new MemoryStream();
        await using var processor = Build(ExecutionMode.Inline, 1, new CollectingSink<string>());
        Publish(processor, 0, 40);
        await processor.SaveStateAsync(state, Token);
        state.Position = 0;
        return state;
    }

    private StreamProcessor<string> Build(ExecutionMode mode, int shards, IResultSink<string> sink) =>
        Pipeline(mode, shards, sink).Build();

    private BuildStep<string> Pipeline(
        ExecutionMode mode, int shards, IResultSink<string> sink) =>
        StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(30), TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count").Sum("sum").Percentile("p50", 50).Distinct("distinct"))
            .WithOptions(Processors.Options(mode) with { ShardCount = shards })
            .WithTimeProvider(_clock)
            .To(sink);

    private static void Publish(StreamProcessor<string> processor, int from, int to)
    {
        for (var at = from; at < to; at++)
            processor.Publish($"k{at * 7 % 13}", (at * 3) + (at % 5), at % 11);
    }

    /// <summary>Five seconds after the machine was started.</summary>
    private sealed class BootedClock : TimeProvider
    {
        public DateTimeOffset Date { get; set; } = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Date;

        public override long GetTimestamp() => 5 * TimeSpan.TicksPerSecond;
    }

    private sealed class SavingSink : IResultSink<string>
    {
        public StreamProcessor<string>? Processor { get; set; }

        public Exception? Failure { get; private set; }

        public void OnResults(ResultBatch<string> batch)
        {
            using var state = new MemoryStream();
            Failure = Record.Exception(() => Processor!.SaveStateAsync(state).GetAwaiter().GetResult());
        }
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("the disk is full");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("the disk is full");
    }
}
