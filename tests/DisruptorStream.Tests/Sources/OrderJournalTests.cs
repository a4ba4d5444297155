using System.Globalization;
using DisruptorStream.Building;
using DisruptorStream.Building.Replays;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Emission;
using DisruptorStream.Sources;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Sources;

/// <summary>Processors whose journal has only the order of the events of their sources.</summary>
public sealed class OrderJournalTests : IDisposable
{
    private static readonly SourceOptions Order = new()
    {
        Journal = SourceJournal.Order,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMinutes(1),
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("order-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Which events are late depends on how sources and publishers came among each other.</summary>
    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Run_WhatSourcesAndPublishersGave_GivesTheSameResultsBitForBit(ExecutionMode mode)
    {
        var (live, again) = (new CollectingSink<string>(), new CollectingSink<string>());
        ListSource[] sources = [new(Readings(6_000, 1)) { Ends = true }, new(Readings(5_000, 2)) { Ends = true }];
        BuildStep<Reading, string> Step(CollectingSink<string> sink) => StepTo(sink, mode)
            .ReadFrom("a", As<ISeekableSource<Reading>>(sources[0]), Order with { BatchEvents = 100 })
            .ReadFrom("b", As<ISeekableSource<Reading>>(sources[1]), Order with { BatchEvents = 64 });
        await using (var processor = Step(live).DurableIn(_directory, Copying()).Build())
        {
            processor.Start();
            var publisher = processor.CreateEventPublisher("beside");
            foreach (var reading in Readings(2_000, 3))
                publisher.Publish(reading);
            publisher.Complete();
            await Processors.UntilAsync(() => processor.WatermarkTicks == long.MaxValue);
            await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        }

        var report = Replay.Run(_directory, Step(again), new ReplayOptions { From = 0 });
        Assert.True(report.HasEnded);
        Assert.True(live.Count > 100, $"There were {live.Count} results.");
        Assert.Equal(live.Results.Select(Line), again.Results.Select(Line));
        Assert.True(sources.Sum(source => source.Opened) > 2, "The sources were not read again.");
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Build_AfterEnds_EachEventIsInOnce(ExecutionMode mode)
    {
        var counts = new Dictionary<long, double>();
        var readings = Readings(20_000, 4, disorder: 40);
        for (var life = 0; life < 8; life++)
        {
            var sink = new CollectingSink<string>();
            await using var processor = StepTo(sink, mode)
                .ReadFrom(
                    "a",
                    As<ISeekableSource<Reading>>(new ListSource(readings) { Ends = life == 7 }),
                    Order with { BatchEvents = 90, Journal = life == 3 ? SourceJournal.Events : SourceJournal.Order })
                .DurableIn(_directory, Copying() with { SegmentBytes = 1 << 14 })
                .Build();
            processor.Start();
            var first = processor.GetStats().EventsProcessed;
            await Processors.UntilAsync(
                () => processor.GetStats().EventsProcessed >= Math.Min(first + 1_500, readings.Length)
                    && (life < 7 || processor.WatermarkTicks == long.MaxValue));
            await processor.StopAsync(
                life == 7 ? StopMode.Drain : life % 3 == 2 ? StopMode.Suspend : StopMode.Abort,
                TestContext.Current.CancellationToken);
            foreach (var result in sink.Results)
                counts[result.Number] = result["count"];
        }

        Assert.Equal(readings.Length, counts.Values.Sum());
    }

    [Fact]
    public async Task Build_ASourceThatGivesOtherEvents_IsRefusedAndChangesNothing()
    {
        var readings = Readings(3_000, 5);
        await EndInTheMiddleAsync(readings, 3_000);
        var before = Files();
        foreach (var change in (Func<Reading, Reading>[])
            [
                reading => reading with { Value = reading.Value + 1 },
                reading => reading with { Ticks = reading.Ticks + 1 },
                reading => reading with { Key = "another" },
                reading => reading with { Key = reading.Key == "key-1" ? "key-2" : "key-1" },
            ])
        {
            var others = (Reading[])readings.Clone();
            others[1_234] = change(others[1_234]);
            var message = RefusedWith(new ListSource(others));
            Assert.Contains("source 'a'", message, StringComparison.Ordinal);
            Assert.Contains("gives other events", message, StringComparison.Ordinal);
            Assert.Contains("slots ", message, StringComparison.Ordinal);
            Assert.Contains("position 1200", message, StringComparison.Ordinal);
            Assert.Equal(before, Files());
        }

        Assert.Equal(3_000, await CountAfterAsync(new ListSource(readings)));
    }

    [Fact]
    public async Task Build_ASourceThatIsGoneOrSetBack_IsRefusedAndGoesOnWhenItIsBack()
    {
        var readings = Readings(3_000, 6);
        await EndInTheMiddleAsync(readings, 3_000);
        var before = Files();
        var gone = new ListSource(readings) { OnRead = _ => throw new IOException("The share is away.") };

        Assert.Contains("IOException: The share is away.", RefusedWith(gone), StringComparison.Ordinal);
        Assert.Contains(
            "does not come: it has ended",
            RefusedWith(new ListSource(readings[..2_000]) { Ends = true }),
            StringComparison.Ordinal);
        Assert.Contains(
            "none has come for",
            RefusedWith(
                new ListSource(readings[..2_000]), Order with { MaxRetryDelay = TimeSpan.FromMilliseconds(200) }),
            StringComparison.Ordinal);
        Assert.Contains(
            "reads no source 'a'",
            Assert.Throws<DurabilityException>(() => StepTo(new CollectingSink<string>(), ExecutionMode.Fused)
                .ReadFrom("b", As<ISeekableSource<Reading>>(new ListSource(readings)), Order)
                .DurableIn(_directory, Copying())
                .Build()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "ReadFrom",
            Assert.Throws<DurabilityException>(
                () => Replay.Run(_directory, StepTo(new CollectingSink<string>(), ExecutionMode.Fused))).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, Files());
        Assert.Equal(3_000, await CountAfterAsync(new ListSource(readings)));
    }

    [Fact]
    public async Task Journal_OfManyEvents_IsATenthOfThatWithTheEvents()
    {
        var bytes = new Dictionary<SourceJournal, long>();
        var readings = Readings(100_000, 7);
        foreach (var kind in (SourceJournal[])[SourceJournal.Events, SourceJournal.Order])
        {
            var directory = Path.Combine(_directory, kind.ToString());
            await using var processor = StepTo(new CollectingSink<string>(), ExecutionMode.Fused)
                .ReadFrom("a", As<ISeekableSource<Reading>>(new ListSource(readings)), Order with { Journal = kind })
                .DurableIn(directory, Copying())
                .Build();
            processor.Start();
            await Processors.UntilAsync(() => processor.GetStats().EventsProcessed == readings.Length);
            await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
            await processor.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);
            await processor.DisposeAsync();
            var contents = JournalContents.Open(FileSystems.Default, directory);
            bytes[kind] = contents.Segments.Sum(segment => Math.Min(segment.EndOffset, contents.End.Offset));
        }

        Assert.True(
            bytes[SourceJournal.Order] * 10 <= bytes[SourceJournal.Events],
            $"{bytes[SourceJournal.Order]} bytes with the order, {bytes[SourceJournal.Events]} with the events.");
    }

    [Fact]
    public void Build_WhatDoesNotGoTogether_IsRefused()
    {
        var step = StepTo(new CollectingSink<string>(), ExecutionMode.Fused);
        var source = new ListSource();
        Assert.Contains(
            "DurableIn",
            Refused(step.ReadFrom("a", As<ISeekableSource<Reading>>(source), Order)),
            StringComparison.Ordinal);
        Assert.Contains(
            "shadow",
            Refused(step.ReadFrom("a", As<ISeekableSource<Reading>>(source), Order).DurableIn(_directory)),
            StringComparison.Ordinal);
        Assert.Contains(
            "cannot seek",
            Refused(step.ReadFrom("a", (IAcknowledgedSource<Reading>)source, Order).DurableIn(_directory, Copying())),
            StringComparison.Ordinal);
        Assert.Contains(
            "by the clock",
            Refused(StreamProcessorBuilder.For<Reading>()
                .KeyBy(reading => reading.Key)
                .EventTime(reading => reading.Ticks)
                .Measure("value", reading => reading.Value)
                .TumblingWindows(TimeSpan.FromSeconds(1))
                .InProcessingTime()
                .Aggregate(a => a.Count("count"))
                .ReadFrom("a", As<ISeekableSource<Reading>>(source), Order)
                .DurableIn(_directory, Copying())),
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SourceOptions { Journal = (SourceJournal)7 });
    }

    private static TSource As<TSource>(TSource source) => source;

    private static string Refused(BuildStep<Reading, string> step) =>
        Assert.Throws<ArgumentException>(() => step.Build()).Message;

    private static DurabilityOptions Copying() => new() { Snapshots = SnapshotMethod.Copy };

    private static string Line(WindowResult<string> result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Number} {result.Key} {result.Window} {result["count"]} {result["sum"]:R}");

    private static Reading[] Readings(int count, int seed, int disorder = 300)
    {
        var random = new Random(seed);
        var readings = new Reading[count];
        for (var index = 0; index < count; index++)
        {
            readings[index] = new Reading(
                index + random.Next(disorder), $"key-{random.Next(50)}", random.NextDouble() * 1_000);
        }

        return readings;
    }

    private static BuildStep<Reading, string> StepTo(CollectingSink<string> sink, ExecutionMode mode) =>
        StreamProcessorBuilder.For<Reading>()
            .KeyBy(reading => reading.Key)
            .EventTime(reading => reading.Ticks)
            .Measure("value", reading => reading.Value)
            .TumblingWindows(TimeSpan.FromTicks(100))
            .AllowedLateness(TimeSpan.FromTicks(400))
            .Aggregate(a => a.Count("count").Sum("sum", "value"))
            .WithWatermarks(new() { MaxOutOfOrderness = TimeSpan.FromTicks(50) })
            .WithOptions(Processors.Options(mode) with { ShutdownTimeout = Processors.Patience })
            .To(sink);

    private SortedDictionary<string, string> Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(_directory))
        {
            if (Path.GetExtension(path) is ".journal" or ".state")
                files.Add(Path.GetFileName(path), Convert.ToHexString(File.ReadAllBytes(path)));
        }

        return files;
    }

    private string RefusedWith(ListSource source, SourceOptions? options = null) =>
        Assert.Throws<DurabilityException>(() => StepTo(new CollectingSink<string>(), ExecutionMode.Fused)
            .ReadFrom("a", As<ISeekableSource<Reading>>(source), options ?? Order with { BatchEvents = 100 })
            .DurableIn(_directory, Copying())
            .Build()).Message;

    private async Task EndInTheMiddleAsync(Reading[] readings, int events)
    {
        await using var processor = StepTo(new CollectingSink<string>(), ExecutionMode.Fused)
            .ReadFrom("a", As<ISeekableSource<Reading>>(new ListSource(readings)), Order with { BatchEvents = 100 })
            .DurableIn(_directory, Copying() with { SegmentBytes = 1 << 14 })
            .Build();
        processor.Start();
        await Processors.UntilAsync(() => processor.GetStats().EventsProcessed == events);
        await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        await processor.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);
    }

    private async Task<long> CountAfterAsync(ListSource source)
    {
        await using var processor = StepTo(new CollectingSink<string>(), ExecutionMode.Fused)
            .ReadFrom("a", As<ISeekableSource<Reading>>(source), Order with { BatchEvents = 100 })
            .DurableIn(_directory, Copying())
            .Build();
        return processor.GetStats().EventsProcessed;
    }
}
