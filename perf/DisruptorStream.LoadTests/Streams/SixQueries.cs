using DisruptorStream.Building.Streams;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>Six questions to one stream of calls, together or each on a stream of its own.</summary>
internal sealed class SixQueries
{
    private readonly DigestSink<string> _models = new();
    private readonly DigestSink<string> _errors = new();
    private readonly DigestSink<string> _tenants = new();
    private readonly DigestSink<int> _users = new();
    private readonly DigestSink<(string, int)> _spenders = new();
    private readonly DigestSink<string> _tokens = new();

    /// <summary>What came out of each query.</summary>
    public (long Count, ulong Digest)[] Outcome =>
    [
        (_models.Count, _models.Digest), (_errors.Count, _errors.Digest), (_tenants.Count, _tenants.Digest),
        (_users.Count, _users.Digest), (_spenders.Count, _spenders.Digest), (_tokens.Count, _tokens.Digest),
    ];

    /// <summary>Adds the query of a number, 0 to 5.</summary>
    public StreamStep<Call> Add(StreamStep<Call>? stream, int query)
    {
        var second = TimeSpan.FromSeconds(1);
        return query switch
        {
            0 => Query(stream, "models", q => q.By("model").TumblingWindows(second)
                .Aggregate(a => a.Percentile("p95", 95, "latency").Max("slowest", "latency")).To(_models)),
            1 => Query(stream, "errors", q => q.By("model").TumblingWindows(second)
                .Aggregate(a => a.Count("calls").Count("errors", where: call => call.Status >= 500)).To(_errors)),
            2 => Query(stream, "tenants", q => q.By("tenant").TumblingWindows(second * 10)
                .Aggregate(a => a.Sum("tokens").Sum("cost")).To(_tenants)),
            3 => Query(stream, "users", q => q.By<int>("user").SessionWindows(second / 100)
                .Aggregate(a => a.Count("calls")).To(_users)),
            4 => Query(stream, "spenders", q => q.Where(call => call.Cost > 50).By<string, int>("tenant", "user")
                .TumblingWindows(second * 10).Aggregate(a => a.Sum("cost")).To(_spenders)),
            _ => Query(stream, "tokens", q => q.By("tenant").SlidingWindows(second * 10, second)
                .Aggregate(a => a.Sum("tokens").Count("calls")).To(_tokens)),
        };
    }

    private static StreamStep<Call> Query<TKey>(
        StreamStep<Call>? stream, string name, Func<QueryStep<Call>, QueryOutputStep<Call, TKey>> query)
        where TKey : notnull =>
        stream is null
            ? StreamProcessorBuilder.For<Call>()
                .EventTime(call => call.Ticks)
                .Measure("latency", call => call.Milliseconds)
                .Measure("tokens", call => call.Tokens)
                .Measure("cost", call => call.Cost)
                .Key("model", call => call.Model)
                .Key("tenant", call => call.Tenant)
                .Key("user", call => call.User)
                .Query(name, query)
            : stream.Query(name, query);
}
