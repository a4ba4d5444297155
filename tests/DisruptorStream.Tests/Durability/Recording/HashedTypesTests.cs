using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Building.Replays;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>Keys that are no texts, and the texts of symbols, are hidden in a recording too.</summary>
public sealed class HashedTypesTests : IDisposable
{
    private const string Secret = "pepper";

    private readonly string _directory = Directory.CreateTempSubdirectory("recorder-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Of_AllKeysOfAByte_ArePermuted()
    {
        var hashes = Enumerable.Range(0, 256).Select(key => HashedKey.Of((byte)key, Secret)).ToList();

        Assert.Equal(256, hashes.Distinct().Count());
        Assert.InRange(hashes.Where((hash, key) => hash == key).Count(), 0, 20);
        Assert.NotEqual(hashes, Enumerable.Range(0, 256).Select(key => HashedKey.Of((byte)key, "salt")));
    }

    /// <summary>No two keys have one hash, and the same key always has the same.</summary>
    [Fact]
    public void Of_ManyKeys_AreDistinctAndStable()
    {
        AssertDistinct(Enumerable.Range(-5_000, 10_000));
        AssertDistinct(Enumerable.Range(0, 5_000).Select(key => (long)key * int.MaxValue));
        AssertDistinct(Enumerable.Range(0, 5_000).Select(key => (ushort)key));
        AssertDistinct(Enumerable.Range(0, 1_000).Select(key => (UInt128)key << 70));
        AssertDistinct(Enumerable.Range(0, 1_000).Select(key => new Guid(key, 0, 0, new byte[8])));
        AssertDistinct(Enumerable.Range(0, 1_000).Select(key => (($"user-{key % 10}", key / 10), (int?)null)));
        AssertDistinct(Enum.GetValues<DayOfWeek>());

        static void AssertDistinct<TKey>(IEnumerable<TKey> keys)
            where TKey : notnull
        {
            var all = keys.ToList();
            var hashes = all.ConvertAll(key => HashedKey.Of(key, Secret));
            Assert.Equal(all.Count, hashes.Distinct().Count());
            Assert.Equal(hashes, all.ConvertAll(key => HashedKey.Of(key, Secret)));
            Assert.NotEqual(all, hashes);
        }
    }

    [Fact]
    public void Of_ATuple_HasTheHashOfEachPart()
    {
        (string, int?, DayOfWeek) key = ("jane", 7, DayOfWeek.Friday);
        var none = HashedKey.Of(((int?)null, "jane"), Secret);

        Assert.Equal(
            (HashedKey.Of("jane", Secret), HashedKey.Of(7, Secret), HashedKey.Of(DayOfWeek.Friday, Secret)),
            HashedKey.Of(key, Secret));
        Assert.Equal((null, HashedKey.Of("jane", Secret)), none);
        Assert.Equal((HashedKey.Of((byte)7, Secret), 1), (HashedKey.Of(((byte?)7, 1), Secret).Item1, 1));
    }

    [Fact]
    public void Of_TypesThatCannotBeHidden_AreRefused()
    {
        Assert.Throws<NotSupportedException>(() => HashedKey.Of(1.5, Secret));
        Assert.Throws<NotSupportedException>(() => HashedKey.Of(("a", 1.5), Secret));
        Assert.Throws<NotSupportedException>(() => HashedKey.Of(DateTime.UnixEpoch, Secret));
        Assert.Throws<ArgumentException>(() => HashedKey.Of(1, ""));
    }

    /// <summary>The results are the same under other keys, also behind a state that was copied.</summary>
    [Fact]
    public async Task Dump_OfKeysThatAreTuples_GivesTheResultsUnderTheirHashes()
    {
        var whole = new CollectingSink<(int, DayOfWeek)>();
        var dump = await DumpAsync(Counting(whole));

        var again = new CollectingSink<(int, DayOfWeek)>();
        var query = Replay.Run(dump.Directory, Counting(again)).Queries[0];
        Assert.True(dump.BaseSequence > 0);
        Assert.Equal(
            whole.Results.Skip((int)query.FirstNumber - 1).Take(again.Count)
                .Select(result => (HashedKey.Of(result.Key, Secret), result.Window, result.GetDouble(0))),
            again.Results.Select(result => (result.Key, result.Window, result.GetDouble(0))));

        static BuildStep<Call, (int, DayOfWeek)> Counting(CollectingSink<(int, DayOfWeek)> sink) =>
            StreamProcessorBuilder.For<Call>()
                .KeyBy(call => (call.User, (DayOfWeek)(call.User % 7)))
                .EventTime(call => call.Ticks)
                .TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Count("calls"))
                .WithOptions(Processors.Options(ExecutionMode.Fused))
                .To(sink);
    }

    /// <summary>Neither slots nor states tell the text of a symbol, and the numbers stay what they are.</summary>
    [Fact]
    public async Task Dump_OfSymbols_HidesTheirTexts()
    {
        var (table, whole) = (new SymbolTable(), new CollectingSink<int>());
        var dump = await DumpAsync(Models(table, whole));

        foreach (var file in Directory.GetFiles(dump.Directory))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(-1, bytes.AsSpan().IndexOf("secret-model"u8));
            Assert.Equal(-1, bytes.AsSpan().IndexOf("s\0e\0c\0r\0e\0t\0-\0"u8));
        }

        var (other, again) = (new SymbolTable(), new CollectingSink<int>());
        var query = Replay.Run(dump.Directory, Models(other, again)).Queries[0];
        Assert.True(dump.BaseSequence > 0);
        Assert.Equal(
            whole.Results.Skip((int)query.FirstNumber - 1).Take(again.Count).Select(result => result.GetDouble(0)),
            again.Results.Select(result => result.GetDouble(0)));
        for (var number = 1; number <= other.Count; number++)
            Assert.Equal(HashedKey.Of(table.TextOf(number)!, Secret), other.TextOf(number));
        Assert.True(other.Count > 10);

        static BuildStep<Call, int> Models(SymbolTable table, CollectingSink<int> sink) =>
            StreamProcessorBuilder.For<Call>()
                .KeyBy(call => call.User % 5)
                .EventTime(call => call.Ticks)
                .Symbol("model", table, call => $"secret-model-{call.User}")
                .TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Distinct("models", "model").Last("last", "model"))
                .WithOptions(Processors.Options(ExecutionMode.Fused))
                .To(sink);
    }

    private async Task<FlightDump> DumpAsync<TKey>(BuildStep<Call, TKey> step)
        where TKey : notnull
    {
        var options = new FlightRecorderOptions { Slots = 1_000, HashKeys = true, HashSecret = Secret };
        await using var processor = step.RecordTo(Path.Combine(_directory, "dumps"), options).Build();
        processor.Start();
        using var patience = new CancellationTokenSource(Processors.Patience);
        for (var at = 0; processor.FlightRecorder!.GetStats().BaseSequence < 0; at++)
        {
            processor.Publish(new Call(at, at % 50));
            if (at % 500 != 0)
                continue;
            await processor.FlushAsync(patience.Token);

            // Who copies the state stands back for all others.
            await Task.Delay(1, patience.Token);
        }

        var dump = processor.FlightRecorder!.Dump();
        await processor.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);
        return dump;
    }

    private readonly record struct Call(long Ticks, int User);
}
