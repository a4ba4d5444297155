using DisruptorStream.Building.Streams;

namespace DisruptorStream.Tests.Streams;

/// <summary>What a stream has at most, and what it says about one more.</summary>
public sealed class StreamLimitsTests
{
    private readonly record struct Call(long Time, string Key, double Cost);

    [Fact]
    public void Key_NinthOne_IsRefusedWithTheLimit()
    {
        var eight = WithKeys(8);
        Refused("at most 8 keys", () => eight.Key("key 8", call => call.Key));
    }

    /// <summary>A combination that a query groups by is one more; the same one again is none.</summary>
    [Fact]
    public void By_CombinationBeyondEightKeys_IsRefusedWithTheLimit()
    {
        var seven = WithKeys(7).Query("one", query => Counting(query.By("key 0", "key 1")))
            .Query("same", query => Counting(query.By("key 0", "key 1")));
        Refused("at most 8 keys", () => seven.Query("two", query => Counting(query.By("key 0", "key 2"))));
    }

    /// <summary>A delegate that is used again is no other filter.</summary>
    [Fact]
    public void Where_SixtyFifthFilter_IsRefusedWithTheLimit()
    {
        var filters = Enumerable.Range(0, 65).Select(limit => (Func<Call, bool>)(call => call.Cost > limit)).ToArray();
        var stream = WithKeys(1).Query("0", query => Counting(query.Where(filters[0]).By("key 0")));
        for (var filter = 1; filter < 64; filter++)
            stream = stream.Query($"{filter}", query => Counting(query.Where(filters[filter]).By("key 0")));
        stream = stream.Query("again", query => Counting(query.Where(filters[0]).By("key 0")));

        Refused(
            "at most 64 different filters",
            () => stream.Query("more", query => Counting(query.Where(filters[64]).By("key 0"))));
    }

    private static StreamEventsStep<Call> WithKeys(int count)
    {
        var events = StreamProcessorBuilder.For<Call>().EventTime(call => call.Time)
            .Measure("cost", call => call.Cost).Key("key 0", call => call.Key);
        for (var key = 1; key < count; key++)
            events = events.Key($"key {key}", call => call.Key);
        return events;
    }

    private static QueryOutputStep<Call, TKey> Counting<TKey>(QueryWindowingStep<Call, TKey> keyed)
        where TKey : notnull => keyed.TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Count("count"));

    private static void Refused(string reason, Func<object> build)
    {
        var thrown = Assert.ThrowsAny<ArgumentException>(build);
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
    }
}
