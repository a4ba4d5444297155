using DisruptorStream.Building.Replays;
using DisruptorStream.Building.Streams;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>A recording with hashes in place of keys, and what cannot be recorded.</summary>
public sealed class HashedKeysTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("recorder-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Dumps => PathOf("dumps");

    public static TheoryData<ExecutionMode> Modes() => new(Enum.GetValues<ExecutionMode>());

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>No byte of a dump tells a key, and the results are the same under other names.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Dump_WithHashedKeys_HidesThem(ExecutionMode mode)
    {
        var whole = new CollectingSink<string>();
        var options = new FlightRecorderOptions { Slots = 1_000, HashKeys = true, HashSecret = "pepper" };
        FlightDump dump;
        await using (var processor = Recordings.Step(mode).To(whole).RecordTo(Dumps, options).Build())
        {
            processor.Start();
            using var patience = new CancellationTokenSource(Processors.Patience);
            for (var at = 0; processor.FlightRecorder!.GetStats().BaseSequence < 0; at += 500)
            {
                Recordings.Publish(processor, at, at + 500);
                await processor.FlushAsync(patience.Token);

                // Who copies the state stands back for all others.
                await Task.Delay(1, patience.Token);
            }

            dump = processor.FlightRecorder!.Dump();
            await processor.StopAsync(StopMode.Drain, Token);
        }

        Assert.True(dump.BaseSequence > 0);
        foreach (var file in Directory.GetFiles(dump.Directory))
        {
            var bytes = await File.ReadAllBytesAsync(file, Token);
            Assert.Equal(-1, bytes.AsSpan().IndexOf("customer-"u8));
            Assert.Equal(-1, bytes.AsSpan().IndexOf("c\0u\0s\0t\0o\0m\0"u8));
        }

        Recordings.AssertReplays(dump, whole, Recordings.Step(ExecutionMode.Inline), hasKeys: false);
        var again = new CollectingSink<string>();
        var report = Replay.Run(dump.Directory, Recordings.Step(ExecutionMode.Inline).To(again));
        Assert.Equal(
            whole.Results.Skip((int)report.Queries[0].FirstNumber - 1).Take(again.Count)
                .Select(result => HashedKey.Of(result.Key, "pepper")),
            again.Results.Select(result => result.Key));
    }

    /// <summary>A stream with several queries, whose keys are made of others; their texts are hidden too.</summary>
    [Fact]
    public async Task Dump_OfAStream_GivesTheResultsOfEachQuery()
    {
        var (users, pairs) = (new CollectingSink<string>(), new CollectingSink<(string, string)>());
        FlightDump dump;
        await using (var stream = StreamOf(users, pairs)
            .RecordTo(Dumps, new FlightRecorderOptions { Slots = 500, HashKeys = true }).Build())
        {
            stream.Start();
            for (var at = 0; at < 20_000; at++)
                stream.Publish(new Call(at, $"user-{(at / 500) + (at % 7)}", $"model-{at % 3}", at % 11));
            dump = stream.FlightRecorder!.Dump();
            Assert.Equal(1, stream.GetStats().FlightRecorder!.Dumps);
            await stream.StopAsync(StopMode.Drain, Token);
        }

        var (againUsers, againPairs) = (new CollectingSink<string>(), new CollectingSink<(string, string)>());
        var report = Replay.Run(dump.Directory, StreamOf(againUsers, againPairs));
        AssertSame(users, againUsers, report.Queries[0]);
        AssertSame(pairs, againPairs, report.Queries[1]);
        Assert.All(againUsers.Results, result => Assert.StartsWith("#", result.Key, StringComparison.Ordinal));
        Assert.All(againPairs.Results, result => Assert.StartsWith("#", result.Key.Item2, StringComparison.Ordinal));

        static void AssertSame<TKey>(CollectingSink<TKey> whole, CollectingSink<TKey> again, ReplayedQuery query)
            where TKey : notnull
        {
            Assert.Equal(query.LastNumber - query.FirstNumber + 1, again.Count);
            Assert.Equal(
                whole.Results.Skip((int)query.FirstNumber - 1).Take(again.Count)
                    .Select(result => (result.Number, result.Window, result.GetDouble(0))),
                again.Results.Select(result => (result.Number, result.Window, result.GetDouble(0))));
        }
    }

    [Fact]
    public void Build_WhatDoesNotGoTogether_IsRefused()
    {
        var durable = Assert.Throws<ArgumentException>(() => Recordings.Step(ExecutionMode.Inline)
            .DurableIn(PathOf("durable")).RecordTo(Dumps).Build());
        Assert.Contains("leave RecordTo out", durable.Message, StringComparison.Ordinal);
        var numbers = Assert.Throws<ArgumentException>(() => StreamProcessorBuilder.ForKeys<double>()
            .TumblingWindows(TimeSpan.FromSeconds(1)).Aggregate(a => a.Count("count"))
            .RecordTo(Dumps, new FlightRecorderOptions { HashKeys = true }).Build());
        Assert.Contains("System.Double", numbers.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => StreamProcessorBuilder.ForKeys<Version>()
            .TumblingWindows(TimeSpan.FromSeconds(1)).Aggregate(a => a.Count("count"))
            .RecordTo(Dumps).Build());
        Assert.Throws<ArgumentException>(() => Recordings.Step(ExecutionMode.Inline)
            .RecordTo(Dumps, new FlightRecorderOptions { HashSecret = "alone" }));
        Assert.Throws<ArgumentException>(() => Recordings.Step(ExecutionMode.Inline).RecordTo(" "));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlightRecorderOptions { Slots = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlightRecorderOptions { OnDrops = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlightRecorderOptions { OnLatency = TimeSpan.Zero });
        Assert.False(Directory.Exists(Dumps));
    }

    private static StreamStep<Call> StreamOf(
        CollectingSink<string> users, CollectingSink<(string, string)> pairs) =>
        StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Ticks)
            .Measure("cost", call => call.Cost)
            .Key("user", call => call.User)
            .Key("model", call => call.Model)
            .Query("users", query => query.By("user").SessionWindows(TimeSpan.FromTicks(30))
                .Aggregate(a => a.Max("cost")).To(users))
            .Query("pairs", query => query.By("user", "model").TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Sum("cost")).To(pairs))
            .WithOptions(Processors.Options(ExecutionMode.Fused));

    private string PathOf(string name) => Path.Combine(_directory, name);

    private readonly record struct Call(long Ticks, string User, string Model, double Cost);
}
