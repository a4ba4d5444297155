using System.Buffers;
using DisruptorStream.Aggregation;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Topology;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Topology;

/// <summary>A processor tells a side log all that the numbers in its slots stand for.</summary>
public sealed class SideLoggingTests : ISideLogReader
{
    private const int MaxKeys = 40;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly ArrayBufferWriter<byte> _records = new();

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Attach_KeysComeAndGo_ReplaysToTheSameNumbers(ExecutionMode mode)
    {
        var symbols = new SymbolTable();
        symbols.Intern("known before");
        await using var processor = Build(mode, symbols);
        if (mode != ExecutionMode.Inline)
            processor.Start();
        var log = new SideLog(this);
        using (var early = processor.CreateEventPublisher("early"))
        {
            early.Publish(("early", "x", 1));
            processor.Parts.Ledger.Attach(log);
        }

        using var pinned = processor.GetKey("pinned");
        for (var round = 0; round < 3; round++)
        {
            using (var source = processor.CreateEventPublisher($"round {round}"))
            {
                for (var key = 0; key < 30; key++)
                    source.Publish(($"{round}-{key}", $"symbol {key % 7}", (round * 100) + 1));
                source.AdvanceWatermark((round * 100) + 50);
                await processor.FlushAsync(TestContext.Current.CancellationToken);
            }

            await RetireAsync(processor);
            _records.Write(log.Take());
        }

        await processor.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);
        _records.Write(log.Take());

        Assert.Equal(0, processor.GetStats().EventsDropped);
        Assert.Equal(SavedBy(processor.Parts, symbols), Replayed());
    }

    [Fact]
    public async Task Attach_KeysWithoutACodec_IsRefusedThereAndNotBefore()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<Unmarked>()
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        processor.Publish(new Unmarked(1), 1, 1);

        var refused = Assert.Throws<NotSupportedException>(() => processor.Parts.Ledger.Attach(new SideLog(this)));

        Assert.Contains("is not marked with [KeyCodec]", refused.Message);
    }

    [Fact]
    public async Task WithKeyCodec_OfTheUsersOwn_WritesTheKeys()
    {
        var symbols = new SymbolTable();
        await using var processor = StreamProcessorBuilder.ForKeys<Unmarked>()
            .Symbol("user", symbols)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .WithKeyCodec(new UnmarkedCodec())
            .Build();
        var log = new SideLog(this);
        processor.Parts.Ledger.Attach(log);
        symbols.Intern("ann");
        processor.GetKey(new Unmarked(513)).Dispose();

        var records = log.Take();
        Assert.Equal(IdentityKind.SymbolNumbered, IdentityRecord.Read(ref records).Kind);
        Assert.Equal([1, 2], IdentityRecord.Read(ref records).Body.ToArray());
    }

    void ISideLogReader.MakeRoom() => Assert.Fail("The log is large enough.");

    private StreamProcessor<(string Key, string User, long Time), string> Build(
        ExecutionMode mode, SymbolTable symbols) =>
        StreamProcessorBuilder.For<(string Key, string User, long Time)>()
            .KeyBy(one => one.Key)
            .EventTime(one => one.Time)
            .Symbol("user", symbols, one => one.User)
            .Symbol("again", symbols, one => one.User)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Distinct("users", "user"))
            .WithOptions(Processors.Options(mode) with
            {
                MaxKeys = MaxKeys,
                WindowRetention = TimeSpan.FromSeconds(10),
                ShardCount = mode == ExecutionMode.Staged ? 2 : 1,
            })
            .WithTimeProvider(_clock)
            .To(new CollectingSink<string>())
            .Build();

    private async Task RetireAsync(StreamProcessor<(string Key, string User, long Time), string> processor)
    {
        for (var second = 0; second < 300 && processor.GetStats().Keys > 2; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            processor.Advance();
            await processor.FlushAsync(TestContext.Current.CancellationToken);
        }

        // Behind the slots of the retirements: the ids are free once it is done.
        await processor.FlushAsync(TestContext.Current.CancellationToken);
        Assert.InRange(processor.GetStats().Keys, 1, 2);
    }

    /// <summary>Takes each retirement at its slot, and nothing else from the processor.</summary>
    private byte[] Replayed()
    {
        var symbols = new SymbolTable();
        var keys = new KeyReplayer<string>(new KeyDirectory<string>(MaxKeys), KeyCodecs.Require<string>());
        var replayer = new SideLogReplayer([keys], new SourceRegistry(), [symbols]);
        replayer.Add(_records.WrittenSpan);
        foreach (var (sequence, id) in Outcomes())
        {
            replayer.MoveTo(sequence);
            Assert.False(keys.TryMarkRetiring(id));
            keys.TryRetire(id, sequence);
        }

        replayer.MoveTo(long.MaxValue);
        var output = new ArrayBufferWriter<byte>();
        keys.Keys.Save(output, KeyCodecs.Require<string>());
        replayer.Sources.Save(output);
        symbols.Save(output, 0);
        return output.WrittenSpan.ToArray();
    }

    private SortedDictionary<long, int> Outcomes()
    {
        var outcomes = new SortedDictionary<long, int>();
        var records = _records.WrittenSpan;
        while (!records.IsEmpty)
        {
            var record = IdentityRecord.Read(ref records);
            if (record.Kind is IdentityKind.KeyRetired or IdentityKind.KeyKept)
                outcomes.Add(record.Sequence, record.Number);
        }

        Assert.True(outcomes.Count > 80);
        return outcomes;
    }

    private static byte[] SavedBy(ProcessorParts parts, SymbolTable symbols)
    {
        var output = new ArrayBufferWriter<byte>();
        parts.Ledger.Columns[0].Save(output);
        parts.Ledger.Sources.Save(output);
        symbols.Save(output, 0);
        return output.WrittenSpan.ToArray();
    }

    private readonly record struct Unmarked(int Number);

    private sealed class UnmarkedCodec : IKeyCodec<Unmarked>
    {
        public string Name => "unmarked";

        public void Write(Unmarked key, IBufferWriter<byte> output)
        {
            var bytes = output.GetSpan(2);
            (bytes[0], bytes[1]) = ((byte)key.Number, (byte)(key.Number >> 8));
            output.Advance(2);
        }

        public Unmarked Read(ReadOnlySpan<byte> source, out int bytesRead)
        {
            bytesRead = 2;
            return new Unmarked(source[0] | (source[1] << 8));
        }
    }
}
