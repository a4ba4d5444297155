using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Streams;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Ingest.Streams;

/// <summary>
/// A stream with one key has a way of publishing of its own: it does what the way of streams with several does.
/// </summary>
public sealed class OneKeyPublisherTests
{
    private static readonly string?[] Keys = ["a", "b", "a new one", null, "throws"];
    private static readonly double[] Values = [1, 2.5, -0.0, double.NaN];

    private static readonly Gen<Published> Events = Gen.Select(
        Gen.Frequency((30, Gen.Int[0, 2]), (1, Gen.Int[3, 4])),
        Gen.Frequency((30, Gen.Int[0, 2]), (1, Gen.Const(3))),
        Gen.Frequency((30, Gen.Int[0, 3]), (1, Gen.Const(30)), (1, Gen.Const(-1))),
        (key, value, step) => new Published(Keys[key], Values[value], step));

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    public Task Publish_AnyEventsInAnyWay_IsAsWithASecondKey(ExecutionMode mode) =>
        Gen.Select(Events.Array[0, 400], Gen.Int[0, 3], Gen.Bool, Gen.Bool).SampleAsync(
            async (events, way, isFiltered, hasLimit) =>
            {
                var time = 0L;
                var timed = Array.ConvertAll(
                    events, one => one with { Time = one.Time < 0 ? long.MinValue : time += one.Time });
                var one = await RunAsync(timed, mode, way, isFiltered, hasLimit, hasSecond: false);
                var two = await RunAsync(timed, mode, way, isFiltered, hasLimit, hasSecond: true);

                Assert.Equal(two, one);
            },
            iter: 200);

    private static async Task<List<string>> RunAsync(
        Published[] events, ExecutionMode mode, int way, bool isFiltered, bool hasLimit, bool hasSecond)
    {
        var told = new List<string>();
        var sink = new CollectingSink<string>();
        var keyed = StreamProcessorBuilder.For<Published>()
            .EventTime(one => one.Time)
            .Measure("value", one => one.Value)
            .Key("key", one => one.Key == "throws" ? throw new TimeoutException("key") : one.Key);
        if (hasSecond)
            keyed = keyed.Key("second", one => 1);
        await using var stream = keyed
            .Query("all", all => (isFiltered ? all.Where(one => one.Value > 1) : all).By("key")
                .TumblingWindows(TimeSpan.FromTicks(5)).Aggregate(a => a.Count("count").Sum("value")).To(sink))
            .WithOptions(Processors.Options(mode) with { RingCapacity = 64, MaxKeys = hasLimit ? 2 : 100 })
            .Build();
        if (mode != ExecutionMode.Inline)
            stream.Start();
        foreach (var block in events.Chunk(way == 0 ? 1 : 300))
            told.Add(Publish(stream, block, way));
        await Processors.StopPatientlyAsync(stream, StopMode.Complete);

        var stats = stream.GetStats();
        told.Add($"{stats.EventsPublished} published");
        told.AddRange(Enum.GetValues<DropReason>().Select(reason => $"{reason} {stats.DroppedBy(reason)}"));
        told.AddRange(sink.Results.Select(pane => $"{pane.Key} {pane.Window} {pane["count"]} {pane["value"]}"));
        return told;
    }

    private static string Publish(EventStream<Published> stream, Published[] block, int way)
    {
        try
        {
            if (way == 0)
                stream.Publish(in block[0]);
            else if (way == 1)
                stream.Publish(block);
            else
                PublishWhileRoom(stream, block, way == 2);
            return "";
        }
        catch (TimeoutException failure)
        {
            return $"{failure.Message} behind {(way == 1 ? PublishedCount.Of(failure) : 0)}";
        }
    }

    private static void PublishWhileRoom(EventStream<Published> stream, Published[] block, bool isOneByOne)
    {
        // Fused, room comes as the engine goes on; a selector that throws ends it.
        var done = 0;
        while (done < block.Length)
        {
            var published = isOneByOne
                ? stream.TryPublish(in block[done]) ? 1 : 0
                : stream.TryPublish(block.AsSpan(done));
            done += published;
            if (published == 0)
                Thread.Sleep(1);
        }
    }

    private sealed record Published(string? Key, double Value, long Time);
}
