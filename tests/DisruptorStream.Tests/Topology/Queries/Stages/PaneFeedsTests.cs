using DisruptorStream.Building.Planning;
using DisruptorStream.Building.Streams;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Plans;
using DisruptorStream.Tests.Emission;
using DisruptorStream.Tests.Streams.Panes;
using DisruptorStream.Topology.Queries.Stages;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Tests.Topology.Queries.Stages;

public sealed class PaneFeedsTests
{
    private readonly ProcessorPlan _plan;
    private readonly Ledger _ledger;
    private readonly PaneFeeds _feeds;

    public PaneFeedsTests()
    {
        var step = StreamProcessorBuilder.For<PaneCall>()
            .EventTime(call => call.Time)
            .Measure("cost", call => call.Cost)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("both", q => Summed(q.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(10))))
            .Query("users", q => Again(q.From("both").By<int>("user")))
            .Query("again", q => Again(q.From("both").By<string, int>("tenant", "user")))
            .Query("last", q => Again(q.From("users").By<int>("user")));
        _plan = StreamPlanner.Plan(step.Definition);
        _ledger = Ledger.Create(_plan, [.. step.Definition.Keys.Select(key => key.NewMaker(100))]);
        _feeds = new PaneFeeds(_plan, _ledger);
    }

    [Fact]
    public void ReadersOf_EachQuery_AreThoseThatReadIt()
    {
        Assert.Null(_feeds.InputOf(0));
        Assert.Equal([_feeds.InputOf(1)!, _feeds.InputOf(2)!], _feeds.ReadersOf(0));
        Assert.Equal([_feeds.InputOf(3)!], _feeds.ReadersOf(1));
        Assert.Empty(_feeds.ReadersOf(2));
        Assert.Empty(_feeds.ReadersOf(3));
    }

    /// <summary>The key of a reader is the part that it groups by, or the whole key.</summary>
    [Fact]
    public unsafe void InputOf_PartOfTheKey_HasTheIdOfThatPart()
    {
        var tenants = (KeyTable<string>)_ledger.Columns[0].Table;
        var users = (KeyTable<int>)_ledger.Columns[1].Table;
        tenants.Intern("another");
        tenants.Intern("acme");
        var composites = _ledger.Columns[_plan.Queries[0].KeyColumn].Composites!;
        composites.Intern(CompositeKeys.Combine([0, users.Intern(8)]));
        var pair = composites.Intern(CompositeKeys.Combine([1, users.Intern(9)]));

        foreach (var reader in _feeds.ReadersOf(0))
            reader.Add(Rows.Pane(5, key: pair), [7]);
        Assert.Equal((1, users.Intern(9)), (pair, _feeds.InputOf(1)!.Take().Slots[0].KeyId));
        Assert.Equal(pair, _feeds.InputOf(2)!.Take().Slots[0].KeyId);
    }

    private static QueryOutputStep<PaneCall, TKey> Summed<TKey>(QueryWindowedStep<PaneCall, TKey> step)
        where TKey : notnull => step.Aggregate(a => a.Sum("cost"));

    private static QueryOutputStep<PaneCall, TKey> Again<TKey>(PaneWindowingStep<PaneCall, TKey> step)
        where TKey : notnull => step.TumblingWindows(TimeSpan.FromTicks(20)).Aggregate(a => a.Sum("cost"));
}
