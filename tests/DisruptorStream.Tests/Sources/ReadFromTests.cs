using DisruptorStream.Building;
using DisruptorStream.Durability;
using DisruptorStream.Sources;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Sources;

/// <summary>Processors that read sources by themselves, on their own threads.</summary>
public sealed class ReadFromTests : IDisposable
{
    private static readonly SourceOptions Quick = new()
    {
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMilliseconds(2),
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("read-from-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task ReadFrom_ASourceThatEnds_EndsTheInput(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Step(sink, mode)
            .ReadFrom("a", As<ISeekableSource<Reading>>(
                new ListSource(new Reading(1, "x", 2), new Reading(3, "x", 3)) { Ends = true }))
            .Build();
        Assert.Equal(SourceReaderState.Created, processor.GetStats().Readers[0].State);
        processor.Start();
        await Processors.UntilAsync(() => sink.Count == 1);
        await processor.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);

        var stats = processor.GetStats().Readers[0];
        Assert.Equal(5, sink.Results[0]["sum"]);
        Assert.Equal(SourceReaderState.Completed, stats.State);
        Assert.Equal((2, 0, "2"), (stats.EventsPublished, stats.Lag, stats.Position.ToString()));
    }

    [Fact]
    public async Task ReadFrom_ASourceThatThrows_IsOpenedAgainAndGivesEachEventOnce()
    {
        var sink = new CollectingSink<string>();
        var failures = 0;
        var source = new ListSource(Readings(10)) { Ends = true };
        source.OnRead = next =>
        {
            if (next == 8 && failures++ < 3)
                throw new IOException("The wire is cut.");
        };
        await using var processor = Step(sink, ExecutionMode.Fused)
            .ReadFrom("a", As<ISeekableSource<Reading>>(source), Quick with { BatchEvents = 4 })
            .Build();
        processor.Start();
        await Processors.UntilAsync(() => sink.Count == 1);

        var stats = processor.GetStats().Readers[0];
        Assert.Equal(10, sink.Results[0]["count"]);
        Assert.Equal((4, 3), (source.Opened, stats.Restarts));
        Assert.Equal("IOException: The wire is cut.", stats.LastFailure);
        await processor.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);
    }

    /// <summary>It would give events again that are in, after the next failure of its own.</summary>
    [Fact]
    public async Task ReadFrom_ASourceWhosePositionStays_IsToldAndGivesNoEventTwice()
    {
        var source = new ListSource(Readings(10)) { IsUnmoved = true };
        var failures = 0;
        source.OnRead = next =>
        {
            if (next == 8 && failures++ == 0)
                throw new IOException("The wire is cut.");
        };
        await using var processor = Step(new CollectingSink<string>(), ExecutionMode.Fused)
            .ReadFrom("a", As<ISeekableSource<Reading>>(source), Quick with { BatchEvents = 4 })
            .Build();
        processor.Start();
        await Processors.UntilAsync(() => processor.GetStats().Readers[0].Restarts > 3);

        var stats = processor.GetStats();
        Assert.Contains("gave 4 events, and its position is still", stats.Readers[0].LastFailure);
        Assert.Equal(8, stats.EventsProcessed);
        await processor.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);
    }

    /// <summary>What no key can be read of stays the source's next event, or is left out.</summary>
    [Theory]
    [InlineData(BadRecordPolicy.Skip, 9)]
    [InlineData(BadRecordPolicy.Stop, 4)]
    public async Task ReadFrom_AnEventWhoseSelectorThrows_IsLeftOutOrWaitedFor(BadRecordPolicy policy, int published)
    {
        var readings = Readings(10);
        readings[4] = readings[4] with { Key = "bad" };
        await using var processor = Step(new CollectingSink<string>(), ExecutionMode.Fused)
            .ReadFrom("a", As<ISeekableSource<Reading>>(new ListSource(readings)), Quick with { OnBadRecord = policy })
            .Build();
        processor.Start();
        await Processors.UntilAsync(() => processor.GetStats().Readers[0] is var now && now.EventsPublished == published
            && (now.ConsecutiveFailures > 2 || now.RecordsRejected > 0));

        var stats = processor.GetStats().Readers[0];
        Assert.Equal(policy == BadRecordPolicy.Skip ? 1 : 0, stats.RecordsRejected);
        Assert.Equal(policy == BadRecordPolicy.Skip, stats.LastFailure is null);
        await processor.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);
        Assert.Equal(SourceReaderState.Stopped, processor.GetStats().Readers[0].State);
    }

    [Theory]
    [InlineData(StopMode.Suspend, ExecutionMode.Fused)]
    [InlineData(StopMode.Abort, ExecutionMode.Fused)]
    [InlineData(StopMode.Abort, ExecutionMode.Staged)]
    public async Task Build_AfterEnds_EachEventIsInOnce(StopMode stop, ExecutionMode mode)
    {
        var counts = new Dictionary<long, double>();
        var readings = Readings(20_000);
        for (var life = 0; life < 8; life++)
        {
            var sink = new CollectingSink<string>();
            var source = new ListSource(readings) { Ends = life == 7 };
            await using var processor = Step(sink, mode)
                .ReadFrom("a", As<ISeekableSource<Reading>>(source), Quick with { BatchEvents = 100 })
                .DurableIn(_directory, new DurabilityOptions { SegmentBytes = 1 << 16 })
                .Build();
            processor.Start();
            var first = processor.GetStats().EventsProcessed;
            await Processors.UntilAsync(
                () => processor.GetStats().EventsProcessed >= Math.Min(first + 1_500, readings.Length)
                    && (life < 7 || processor.WatermarkTicks == long.MaxValue));
            await processor.StopAsync(life == 7 ? StopMode.Drain : stop, TestContext.Current.CancellationToken);
            foreach (var result in sink.Results)
                counts[result.Number] = result["count"];
        }

        Assert.Equal(readings.Length, counts.Values.Sum());
    }

    [Fact]
    public async Task ReadFrom_AnAcknowledgedSource_IsToldOnlyWhatIsDurable()
    {
        StreamProcessor<Reading, string>? processor = null;
        var ahead = 0L;
        var source = new ListSource(Readings(5_000))
        {
            Ends = true,
            OnAcknowledge = count => ahead = Math.Max(
                ahead, count - (processor!.Durability!.DurableSequence + 1)),
        };
        var sink = new CollectingSink<string>();
        await using (processor = Step(sink, ExecutionMode.Fused)
            .ReadFrom("a", (IAcknowledgedSource<Reading>)source, Quick with { BatchEvents = 64 })
            .DurableIn(_directory)
            .Build())
        {
            processor.Start();
            await Processors.UntilAsync(() => source.Acknowledged == 5_000);
            await processor.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);
            Assert.Equal(5_000, processor.GetStats().Readers[0].EventsAcknowledged);
        }

        Assert.True(ahead <= 0, $"{ahead} events were acknowledged, and not yet durable.");
    }

    [Fact]
    public async Task ReadFrom_AnAcknowledgementThatThrows_OpensTheSourceAgain()
    {
        var failures = 0;
        var source = new ListSource(Readings(100))
        {
            Ends = true,
            OnAcknowledge = _ =>
            {
                if (failures++ == 0)
                    throw new IOException("The wire is cut.");
            },
        };
        await using var processor = Step(new CollectingSink<string>(), ExecutionMode.Fused)
            .ReadFrom("a", (IAcknowledgedSource<Reading>)source, Quick)
            .DurableIn(_directory)
            .Build();
        processor.Start();
        await Processors.UntilAsync(() => source.Acknowledged == 100);

        Assert.Equal(2, source.Opened);
    }

    /// <summary>A source that does not heed the token holds no stop up for good.</summary>
    [Fact]
    public async Task StopAsync_ASourceThatBlocks_IsNotWaitedForLongerThanTheTimeOut()
    {
        using var gate = new ManualResetEventSlim();
        var isIn = false;
        var source = new ListSource(Readings(1))
        {
            OnRead = _ =>
            {
                Volatile.Write(ref isIn, true);
                gate.Wait(Processors.Patience);
            },
        };
        await using var processor = Step(new CollectingSink<string>(), ExecutionMode.Fused)
            .ChangeOptions(options => options with { ShutdownTimeout = TimeSpan.FromMilliseconds(50) })
            .ReadFrom("a", As<ISeekableSource<Reading>>(source))
            .Build();
        processor.Start();
        await Processors.UntilAsync(() => Volatile.Read(ref isIn));
        await processor.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);
        await processor.DisposeAsync();
        gate.Set();

        Assert.True(processor.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task DisposeAsync_NeverStarted_EndsTheReaders()
    {
        var source = new ListSource(Readings(1));
        var processor = Step(new CollectingSink<string>(), ExecutionMode.Staged)
            .ReadFrom("a", As<ISeekableSource<Reading>>(source))
            .Build();
        await processor.DisposeAsync();

        Assert.Equal(0, source.Opened);
        Assert.Equal(SourceReaderState.Stopped, processor.GetStats().Readers[0].State);
    }

    [Fact]
    public void Build_WhatDoesNotGoTogether_IsRefused()
    {
        var source = new ListSource();
        var step = Step(new CollectingSink<string>(), ExecutionMode.Inline);

        Assert.Contains("Inline", Assert.Throws<ArgumentException>(
            () => step.ReadFrom("a", As<ISeekableSource<Reading>>(source)).Build()).Message, StringComparison.Ordinal);
        step = Step(new CollectingSink<string>(), ExecutionMode.Fused);
        Assert.Contains("DurableIn", Assert.Throws<ArgumentException>(
            () => step.ReadFrom("a", (IAcknowledgedSource<Reading>)source).Build()).Message, StringComparison.Ordinal);
        Assert.Contains("already a source 'a'", Assert.Throws<ArgumentException>(
            () => step.ReadFrom("a", As<ISeekableSource<Reading>>(source))
                .ReadFrom("a", As<ISeekableSource<Reading>>(source))).Message, StringComparison.Ordinal);
    }

    private static TSource As<TSource>(TSource source) => source;

    private static Reading[] Readings(int count) =>
        [.. Enumerable.Range(0, count).Select(index => new Reading(index, $"key-{index % 7}", index))];

    private static BuildStep<Reading, string> Step(CollectingSink<string> sink, ExecutionMode mode) =>
        StreamProcessorBuilder.For<Reading>()
            .KeyBy(reading => reading.Key == "bad" ? throw new FormatException("No key.") : "all")
            .EventTime(reading => reading.Ticks)
            .Measure("value", reading => reading.Value)
            .TumblingWindows(TimeSpan.FromTicks(100))
            .Aggregate(a => a.Count("count").Sum("sum", "value"))
            .WithOptions(Processors.Options(mode) with { ShutdownTimeout = Processors.Patience })
            .To(sink);
}
