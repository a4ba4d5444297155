using DisruptorStream.Aggregation;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys;
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
        var before = New<string>();
        foreach (var key in new[] { "a", "b", "c" })
            Keys(before).Intern(key);
        Keys(before).TryMarkRetiring(1);
        Keys(before).TryRetire(1, sequence: 5);
        Keys(before).Release(1);
        before.Sources.Register("first");
        before.Sources.Register("second");

        var after = Load(Plan, Saved(before), out var keyRange);

        Assert.Equal((3, 2), (keyRange, Keys(after).Count));
        Assert.Equal((0, 2), (Keys(after).Intern("a"), Keys(after).Intern("c")));
        Assert.False(Keys(after).TryGet("b", out _));
        Assert.Equal(1, Keys(after).Intern("new"));
        Assert.Equal(-1, Keys(after).Intern("one too many"));
        Assert.Equal(1, after.Sources.Register("second"));
        Assert.Equal(Saved(before), Saved(Load(Plan, Saved(before), out _)));
    }

    [Fact]
    public void Load_FewerKeysMayBeThanThereAre_IsRefused()
    {
        var before = New<string>();
        foreach (var key in new[] { "a", "b", "c" })
            Keys(before).Intern(key);
        var smaller = PlannedSteps.Of(("x", MeasureType.Double)).TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("n")).WithOptions(new StreamProcessorOptions { MaxKeys = 2 }).Plan();

        Assert.Throws<StateException>(() => Load(smaller, Saved(before), out _));
    }

    [Fact]
    public void Attach_KeysOfBeforeAndAfter_AreToldOnceEach()
    {
        var ledger = New<string>();
        Keys(ledger).Intern("before");
        ledger.Sources.Register("before");
        var log = new SideLog(this);

        ledger.Attach(log);
        Keys(ledger).Intern("after");
        Keys(ledger).Intern("before");

        var kinds = new List<string>();
        for (var rest = log.Take(); !rest.IsEmpty;)
        {
            var record = IdentityRecord.Read(ref rest);
            kinds.Add($"{record.Kind} {record.Number}");
        }

        Assert.Equal(["KeyDefined 0", "SourceNamed 0", "KeyDefined 1"], kinds);
    }

    [Fact]
    public void HasCodecs_KeysWithoutOne_IsFalseAndSavingIsRefused()
    {
        var ledger = New<Version>();

        Assert.False(ledger.HasCodecs);
        Assert.Throws<NotSupportedException>(() => Saved(ledger));
        Assert.True(New<string>().HasCodecs);
    }

    void ISideLogReader.MakeRoom()
    {
    }

    private static Ledger New<TKey>()
        where TKey : notnull => Ledger.Create(Plan, [new KeyColumnMaker<TKey>(3, null)]);

    private static KeyTable<string> Keys(Ledger ledger) => ((KeyColumn<string>)ledger.Columns[0]).Keys;

    private static byte[] Saved(Ledger ledger)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, new StateHeader(1, 1));
        ledger.Save(writer);
        writer.Complete();
        return stream.ToArray();
    }

    private static Ledger Load(ProcessorPlan plan, byte[] state, out int keyRange)
    {
        using var reader = new StateReader(new MemoryStream(state));
        var ledger = Ledger.Load(plan, [new KeyColumnMaker<string>(plan.Inputs[0].Keys[0].MaxKeys, null)], reader);
        keyRange = ledger.Columns[0].Lifetime.IdRange;
        return ledger;
    }
}
