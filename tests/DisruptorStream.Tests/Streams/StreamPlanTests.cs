using System.Runtime.CompilerServices;
using DisruptorStream.Events;

namespace DisruptorStream.Tests.Streams;

/// <summary>The plan of a stream says what is shared, who uses it, and what it costs.</summary>
public sealed class StreamPlanTests
{
    [Fact]
    public async Task ExplainPlan_Keys_HaveColumnsCostsAndUsers()
    {
        await using var calls = CallStreams.New();

        Assert.Equal(
            [
                "model, string, column 0: one selector call and one look-up, its id in the slot, "
                    + "used by models, errors",
                "tenant, string, column 1: one selector call and one look-up, 4 bytes beside the slot, used by tenants",
            ],
            calls.ExplainPlan().Keys);
    }

    [Fact]
    public async Task ExplainPlan_CombinedKey_IsMadeOfIds()
    {
        await using var calls = StreamProcessorBuilder.For<CallStreams.Call>()
            .EventTime(call => call.Time)
            .Key("model", call => call.Model)
            .Key("tenant", call => call.Tenant)
            .Query("pairs", query => query.By("model", "tenant").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count")))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline })
            .Build();
        var keys = calls.ExplainPlan().Keys;

        Assert.EndsWith(
            "column 2: one look-up of 2 ids, 4 bytes beside the slot, used by pairs",
            keys[2],
            StringComparison.Ordinal);
        Assert.EndsWith("used by the key (model, tenant)", keys[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainPlan_Filters_HaveBitsAndUsers()
    {
        await using var calls = CallStreams.New();

        Assert.Equal(
            [
                "isError, bit 0: one selector call, used by metric errors of models, query errors",
                "call => call.Cost > 1, bit 1: one selector call, used by query tenants",
            ],
            calls.ExplainPlan().Filters);
    }

    [Fact]
    public async Task ExplainPlan_Event_IsSlotAndWords()
    {
        await using var calls = CallStreams.New();
        var plan = calls.ExplainPlan();

        Assert.Equal(plan.Queries.Sum(query => query.BytesPerKeyAndWindow), plan.BytesPerKeyAndWindow);
        Assert.Contains(
            "2 words beside it (0 of measures, 1 of key ids, 1 of filters)", plan.Store, StringComparison.Ordinal);
        Assert.Equal("6 selector calls and 2 key look-ups on the publisher's thread", plan.CostPerEvent);
        Assert.Equal(Unsafe.SizeOf<EventSlot>() + 16, plan.EventBytes);
    }

    [Fact]
    public async Task ExplainPlan_Queries_AreThoseOfProcessors()
    {
        await using var calls = CallStreams.New();
        var plan = calls.ExplainPlan();

        Assert.Equal(["calls/models", "calls/errors", "calls/tenants"], plan.Queries.Select(query => query.Name));
        Assert.Equal(["model, column 0"], plan.Queries[1].Keys);
        Assert.Equal(["isError, one bit tested for each event"], plan.Queries[1].Filters);
        Assert.All(plan.Queries, query => Assert.NotEmpty(query.Accumulators));
        Assert.Contains("query         calls/tenants", plan.ToString(), StringComparison.Ordinal);
        Assert.Contains("  windows     ", plan.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("stream        calls", plan.ToString(), StringComparison.Ordinal);
    }
}
