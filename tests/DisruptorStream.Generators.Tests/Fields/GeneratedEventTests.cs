using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Ingest;

namespace DisruptorStream.Generators.Tests.Fields;

/// <summary>Events whose reading was generated when these tests were compiled.</summary>
public sealed class GeneratedEventTests
{
    [Fact]
    public async Task Publish_EventsOfAClassWithoutMeasures_AreCounted()
    {
        await using var processor = StreamProcessorBuilder.ForStreamEvents<Thing>().KeyBy("Name")
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("n"))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .Build();
        processor.Publish([Of("a", 1), Of("b", 2), Of("a", 3)]);
        processor.Publish(Of("a", 4));
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(("a", 3), Read(processor));
        Assert.Equal(("b", 1), Read(processor));
        Assert.Throws<NullReferenceException>(() => StreamProcessorBuilder.ForStreamEvents<Thing>().KeyBy("Name")
            .TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Count("n")).Build().Publish((Thing)null!));

        static (string Key, long Count) Read(StreamProcessor<string> processor) =>
            processor.TryReadResult(out var result) ? (result.Key, result.GetInt64(0)) : default;
    }

    /// <summary>Measures by selectors come behind those of the type, also where it has none.</summary>
    [Fact]
    public async Task Measure_ByASelector_IsBehindTheTypesOwn()
    {
        await using var things = StreamProcessorBuilder.ForStreamEvents<Thing>().KeyBy("Name")
            .Measure("weight", thing => thing.Weight)
            .TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Sum("weight"))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .Build();
        await using var stream = StreamProcessorBuilder.ForStreamEvents<Reading>()
            .Measure("both", reading => reading.Latency + reading.Tokens)
            .Key("parity", reading => reading.Device % 2)
            .Query("all", query => query.By<int>("parity").TumblingWindows(TimeSpan.FromSeconds(1))
                .Aggregate(a => a.Sum("both").Sum("checked").Sum("latency")))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .Build();
        things.Publish([Of("a", 1), Of("a", 2)]);
        stream.Publish([new Reading(1, "m", 4, 1.5, 2, 0), new Reading(2, "m", 6, 1, 3, 0)]);
        await things.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        await stream.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.True(things.TryReadResult(out var thing));
        Assert.Equal(4, thing["weight"]);
        Assert.True(stream.Query<int>("all").TryReadResult(out var all));
        Assert.Equal((7.5, 20, 2.5), (all[0], all.GetInt64(1), all[2]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_GetterThatThrows_PublishesTheEventsBefore(bool isStream)
    {
        await using EventProcessor processor = isStream
            ? StreamProcessorBuilder.ForStreamEvents<Reading>()
                .Query("q", query => query.By("model").TumblingWindows(TimeSpan.FromSeconds(1))
                    .Aggregate(a => a.Sum("checked")))
                .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null }).Build()
            : StreamProcessorBuilder.ForStreamEvents<Reading>().KeyBy("model").TumblingWindows(TimeSpan.FromSeconds(1))
                .Aggregate(a => a.Sum("checked"))
                .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null }).Build();
        Reading[] readings =
        [
            new(1, "m", 1, 0, 0, 0), new(2, "m", 2, 0, 0, 0), new(3, "m", Reading.Throws, 0, 0, 0),
            new(4, "m", 4, 0, 0, 0),
        ];
        using var publisher = processor is Streams.EventStream<Reading> stream
            ? stream.CreateEventPublisher("p")
            : ((StreamProcessor<Reading, string>)processor).CreateEventPublisher("p");

        var thrown = Assert.Throws<TimeoutException>(() => publisher.Publish(readings));

        Assert.Equal(2, PublishedCount.Of(thrown));
        Assert.Equal(2, processor.GetStats().EventsProcessed);
    }

    [Fact]
    public async Task Publish_NoKey_IsRefusedOrDroppedByTheQueries()
    {
        await using var processor = StreamProcessorBuilder.ForStreamEvents<Reading>().KeyBy("model")
            .TumblingWindows(TimeSpan.FromSeconds(1)).Aggregate(a => a.Count("n"))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null }).Build();
        await using var stream = StreamProcessorBuilder.ForStreamEvents<Reading>()
            .Query("q", query => query.By("model").TumblingWindows(TimeSpan.FromSeconds(1))
                .Aggregate(a => a.Count("n")))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null }).Build();
        Reading[] readings = [new(1, "m", 1, 0, 0, 0), new(2, null, 1, 0, 0, 0), new(3, "m", 1, 0, 0, 0)];

        var thrown = Assert.Throws<ArgumentException>(() => processor.Publish(readings));
        Assert.Contains("The key of the event is null", thrown.Message);
        Assert.Equal(1, PublishedCount.Of(thrown));
        Assert.Throws<ArgumentException>(() => processor.Publish(readings[1]));
        stream.Publish(readings);
        Assert.Equal(1, stream.Query<string>("q").GetStats().DroppedBy(DropReason.NoKey));
    }

    [Fact]
    public void KeyBy_NoSuchKeyOrAnotherType_SaysWhichThereAre()
    {
        var events = StreamProcessorBuilder.ForStreamEvents<Reading>();

        Assert.Contains("no key 'modell'", Assert.Throws<ArgumentException>(() => events.KeyBy("modell")).Message);
        Assert.Contains(
            "write KeyBy<int>(\"device\")", Assert.Throws<ArgumentException>(() => events.KeyBy("device")).Message);
        Assert.Contains(
            "already a measure 'tokens'",
            Assert.Throws<ArgumentException>(() => events.Measure("tokens", one => one.Tokens)).Message);
        Assert.Contains(
            "already a key 'model'",
            Assert.Throws<ArgumentException>(() => events.Key("model", one => one.Model)).Message);
    }

    /// <summary>What was kept by one form goes on with the other.</summary>
    [Fact]
    public async Task DurableIn_SelectorsAfterGenerated_GoOnWhereItWas()
    {
        var directory = Directory.CreateTempSubdirectory("fields-").FullName;
        var marked = Step(StreamProcessorBuilder.ForStreamEvents<Reading>().KeyBy("model"));
        var selected = Step(EventForms.Selected());
        Assert.Equal(marked.ToStatePlan().Fingerprint, selected.ToStatePlan().Fingerprint);
        Assert.Equal(
            EventForms.Queries(StreamProcessorBuilder.ForStreamEvents<Reading>()).ToStatePlan().Fingerprint,
            EventForms.Queries(EventForms.SelectedStream()).ToStatePlan().Fingerprint);
        await using (var first = marked.DurableIn(directory).Build())
        {
            first.Publish([new Reading(1, "m", 1, 2, 3, 4), new Reading(2, "m", 1, 2, 3, 4)]);
            await first.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
        }

        await using (var second = selected.DurableIn(directory).Build())
        {
            second.Publish(new Reading(3, "m", 1, 2, 3, 4));
            await second.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
            Assert.True(second.TryReadResult(out var result));
            Assert.Equal((3, 6.0), (result.GetInt64(0), result[1]));
        }

        Directory.Delete(directory, recursive: true);

        static BuildStep<Reading, string> Step(MeasuresStep<Reading, string> events) => events
            .TumblingWindows(TimeSpan.FromSeconds(1)).Aggregate(a => a.Count("n").Sum("latency"))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null });
    }

    private static Thing Of(string name, long ticks) =>
        new() { At = DateTimeOffset.UnixEpoch.AddTicks(ticks), Name = name, Weight = 2 };
}
