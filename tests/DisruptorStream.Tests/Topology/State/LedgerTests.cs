using DisruptorStream.Aggregation;
using DisruptorStream.Identities;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.Tests.Plans;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Tests.Topology.State;

public sealed class LedgerTests : ISideLogReader
{
    private static readonly ProcessorPlan Plan = PlannedSteps.Of(("x", MeasureType.Double))
        .TumblingWindows(TimeSpan.FromSeconds(1))
        .Aggregate(a => a.Count("n"))
        .WithOptions(new StreamProcessorOptions { MaxKeys = 3, ShardCount = 4, Mode = ExecutionMode.Staged })
        .Plan();

    [Fact]
    public void Load_KeysSourcesAndFreeIds_HaveTheSameNumbersAndGoOn()
    {
        var before = new Ledger<string>(Plan, null);
        foreach (var key in new[] { "a", "b", "c" })
            before.Keys.Intern(key);
        before.Keys.TryMarkRetiring(1);
        before.Keys.TryRetire(1, sequence: 5);
        before.Keys.Release(1);
        before.Sources.Register("first");
        before.Sources.Register("second");

        var after = Load(Plan, Saved(before), out var keyRange);

        Assert.Equal((3, 2), (keyRange, after.Keys.Count));
        Assert.Equal((0, 2), (after.Keys.Intern("a"), after.Keys.Intern("c")));
        Assert.False(after.Keys.TryGet("b", out _));
        Assert.Equal(1, after.Keys.Intern("new"));
        Assert.Equal(-1, after.Keys.Intern("one too many"));
        Assert.Equal(1, after.Sources.Register("second"));
        Assert.Equal(Saved(before), Saved(Load(Plan, Saved(before), out _)));
    }

    [Fact]
    public void Load_FewerKeysMayBeThanThereAre_IsRefused()
    {
        var before = new Ledger<string>(Plan, null);
        foreach (var key in new[] { "a", "b", "c" })
            before.Keys.Intern(key);
        var smaller = PlannedSteps.Of(("x", MeasureType.Double)).TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("n")).WithOptions(new StreamProcessorOptions { MaxKeys = 2 }).Plan();

        Assert.Throws<StateException>(() => Load(smaller, Saved(before), out _));
    }

    [Fact]
    public void Attach_KeysOfBeforeAndAfter_AreToldOnceEach()
    {
        var ledger = new Ledger<string>(Plan, null);
        ledger.Keys.Intern("before");
        ledger.Sources.Register("before");
        var log = new SideLog(this);

        ledger.Attach(log);
        ledger.Keys.Intern("after");
        ledger.Keys.Intern("before");

        var kinds = new List<string>();
        for (var rest = log.Take(); !rest.IsEmpty;)
        {
            var record = IdentityRecord.Read(ref rest);
            kinds.Add($"{record.Kind} {record.Number}");
        }

        Assert.Equal(["KeyDefined 0", "SourceNamed 0", "KeyDefined 1"], kinds);
    }

    [Fact]
    public void FailureOf_KeysOfAllShards_IsThatOfTheirShard()
    {
        var ledger = new Ledger<string>(Plan, null);
        for (var shard = 0; shard < 4; shard++)
            ledger.FailuresOf(shard).Add(new TimeoutException($"shard {shard}"));

        for (var keyId = 0; keyId < 9; keyId++)
            Assert.Equal($"shard {keyId % 4}", ledger.FailureOf(keyId, 0).Message);
    }

    [Fact]
    public void Codec_KeysWithoutOne_IsRefusedWhereItIsAskedFor()
    {
        var ledger = new Ledger<Version>(Plan, null);

        Assert.False(ledger.HasCodec);
        Assert.Throws<NotSupportedException>(() => ledger.Codec);
        Assert.True(new Ledger<string>(Plan, null).HasCodec);
    }

    void ISideLogReader.MakeRoom()
    {
    }

    private static byte[] Saved(Ledger<string> ledger)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, new StateHeader(1, 1));
        ledger.Save(writer);
        writer.Complete();
        return stream.ToArray();
    }

    private static Ledger<string> Load(ProcessorPlan plan, byte[] state, out int keyRange)
    {
        using var reader = new StateReader(new MemoryStream(state));
        var ledger = Ledger<string>.Load(plan, null, reader);
        keyRange = reader.KeyRange;
        return ledger;
    }
}
