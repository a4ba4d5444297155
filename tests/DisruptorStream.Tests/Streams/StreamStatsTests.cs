using DisruptorStream.Events;

namespace DisruptorStream.Tests.Streams;

/// <summary>What a stream has once counts once; what each query has is summed, and shown by query.</summary>
public sealed class StreamStatsTests
{
    [Fact]
    public async Task GetStats_Stream_CountsEventsAndRefusalsOnce()
    {
        await using var calls = CallStreams.New();
        CallStreams.PublishAll(calls);
        var stats = calls.GetStats();

        Assert.Equal(
            ("calls", 5, 5, 0),
            (stats.Name, stats.EventsPublished, stats.EventsProcessed, stats.EventsFiltered));
        Assert.Equal(1, stats.DroppedBy(DropReason.FutureSkew));
        Assert.Equal(2, stats.DroppedBy(DropReason.Late));
        Assert.Equal(2, stats.DroppedBy(DropReason.NoKey));
        Assert.Equal(5, stats.EventsDropped);
        Assert.Equal(4, stats.Keys);
        Assert.Equal(["models", "errors", "tenants"], stats.Queries.Keys);
    }

    [Fact]
    public async Task GetStats_Queries_AreThoseOfEachAlone()
    {
        await using var calls = CallStreams.New();
        CallStreams.PublishAll(calls);
        var stats = calls.GetStats();

        Assert.Equal(
            ["calls/models 5 0 3", "calls/errors 2 3 1", "calls/tenants 4 1 2"],
            stats.Queries.Values.Select(
                query => $"{query.Name} {query.EventsProcessed} {query.EventsFiltered} {query.EventsDropped}"));
        Assert.Equal([2, 2, 2], stats.Queries.Values.Select(query => query.Keys));
        Assert.Equal(stats.Queries.Values.Sum(query => query.WindowsFired), stats.WindowsFired);
        Assert.Equal(stats.Queries.Values.Sum(query => query.ResultsEmitted), stats.ResultsEmitted);
        Assert.Equal(stats.Queries.Values.Sum(query => query.StateBytes), stats.StateBytes);
        Assert.Equal(2, stats.ResultsEmitted);
        Assert.All(stats.Queries.Values, query => Assert.Empty(query.Queries));
    }

    [Fact]
    public async Task GetStats_AfterTheEnd_RefusalsCountOnceThoughFiltersDiffer()
    {
        await using var calls = CallStreams.New();
        var source = calls.CreateEventPublisher("only");
        source.Complete();
        calls.Publish(new CallStreams.Call(1, "m1", "acme", 2, 200));
        calls.Publish(new CallStreams.Call(1, "m1", "acme", 0, 500));
        await calls.StopAsync(StopMode.Complete);
        var stats = calls.GetStats();
        Assert.Equal(2, stats.EventsProcessed);
        Assert.Equal(stats.Queries["models"].DroppedBy(DropReason.AfterEnd), stats.DroppedBy(DropReason.AfterEnd));
    }

    [Fact]
    public async Task ToString_Stream_ShowsEachQueryUnderItsName()
    {
        await using var calls = CallStreams.New();
        CallStreams.PublishAll(calls);
        var text = calls.GetStats().ToString();

        Assert.StartsWith("stream        calls, Running, at 1970-01-01 01:00:00 UTC", text, StringComparison.Ordinal);
        Assert.Contains("query         errors: 2 events, 3 filtered", text, StringComparison.Ordinal);
        Assert.Contains("  dropped     2: 1 Late, 1 FutureSkew", text, StringComparison.Ordinal);
    }
}
