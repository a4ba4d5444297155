using DisruptorStream.Building.Streams;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>The beginning of each stream of calls: its time, its measures, its keys.</summary>
internal static class CallStream
{
    public static StreamEventsStep<Call> WithKeys(params IReadOnlyList<string> keys)
    {
        var events = StreamProcessorBuilder.For<Call>()
            .EventTime(CallSelectors.Ticks)
            .Measure("latency", CallSelectors.Latency)
            .Measure("tokens", CallSelectors.Tokens)
            .Measure("cost", CallSelectors.Cost);
        foreach (var key in keys)
        {
            events = key switch
            {
                "model" => events.Key(key, call => call.Model),
                "tenant" => events.Key(key, CallSelectors.Tenant),
                "user" => events.Key(key, call => call.User),
                _ => events.Key(key, _ => 0),
            };
        }

        return events;
    }

    /// <summary>A stream whose events are published and looked up, and nothing else is done with them.</summary>
    /// <param name="options">How the stream is run.</param>
    /// <param name="keys">What is looked up; with two, also their combination.</param>
    public static CallTarget WithoutFolds(StreamProcessorOptions options, params IReadOnlyList<string> keys)
    {
        var events = WithKeys(keys);
        var stream = keys switch
        {
            [var tenant, var user] => Empty(events, query => Count(query.By<string, int>(tenant, user))),
            [("model" or "tenant") and var text] => Empty(events, query => Count(query.By(text))),
            _ => Empty(events, query => Count(query.By<int>(keys[0]))),
        };
        return new StreamTarget(stream.WithOptions(options).Build());
    }

    private static StreamStep<Call> Empty<TKey>(
        StreamEventsStep<Call> events, Func<QueryStep<Call>, QueryOutputStep<Call, TKey>> query)
        where TKey : notnull => events.Query("none", all => query(all.Where(_ => false)));

    private static QueryOutputStep<Call, TKey> Count<TKey>(QueryWindowingStep<Call, TKey> query)
        where TKey : notnull => query.TumblingWindows(TimeSpan.FromSeconds(10)).Aggregate(a => a.Count("calls"));
}
