using DisruptorStream.Building.Streams;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>Six questions to one stream of calls, together or each on a stream of its own.</summary>
internal sealed class SixQueries
{
    /// <summary>How many there are.</summary>
    public const int Count = 6;

    private readonly PaneDigest<string> _models = new();
    private readonly PaneDigest<string> _errors = new();
    private readonly PaneDigest<string> _tenants = new();
    private readonly PaneDigest<int> _users = new();
    private readonly PaneDigest<(string, int)> _spenders = new();
    private readonly PaneDigest<string> _tokens = new();

    /// <summary>What came out of each query.</summary>
    public (long Count, ulong Digest)[] Outcome =>
    [
        (_models.Count, _models.Digest), (_errors.Count, _errors.Digest), (_tenants.Count, _tenants.Digest),
        (_users.Count, _users.Digest), (_spenders.Count, _spenders.Digest), (_tokens.Count, _tokens.Digest),
    ];

    /// <summary>All on one stream.</summary>
    public CallTarget Together(StreamProcessorOptions options)
    {
        var stream = Add(null, 0, ["model", "tenant", "user"]);
        for (var query = 1; query < Count; query++)
            stream = Add(stream, query, []);
        return new StreamTarget(stream.WithOptions(options).Build());
    }

    /// <summary>One of them on a stream of its own, which has the keys that it groups by.</summary>
    /// <param name="query">Which one, from 0.</param>
    /// <param name="options">How the stream is run.</param>
    public CallTarget Alone(int query, StreamProcessorOptions options) =>
        new StreamTarget(Add(null, query, KeysOf(query)).WithOptions(options).Build());

    /// <summary>What a query groups by.</summary>
    public static string[] KeysOf(int query) => query switch
    {
        0 or 1 => ["model"],
        3 => ["user"],
        4 => ["tenant", "user"],
        _ => ["tenant"],
    };

    private StreamStep<Call> Add(StreamStep<Call>? stream, int query, IReadOnlyList<string> keys)
    {
        var second = TimeSpan.FromSeconds(1);
        return query switch
        {
            0 => Query(stream, keys, "models", q => q.By("model").TumblingWindows(second)
                .Aggregate(a => a.Percentile("p95", 95, "latency").Max("slowest", "latency")).To(_models)),
            1 => Query(stream, keys, "errors", q => q.By("model").TumblingWindows(second)
                .Aggregate(a => a.Count("calls").Count("errors", where: call => call.Status >= 500)).To(_errors)),
            2 => Query(stream, keys, "tenants", q => q.By("tenant").TumblingWindows(second * 10)
                .Aggregate(a => a.Sum("tokens").Sum("cost")).To(_tenants)),
            3 => Query(stream, keys, "users", q => q.By<int>("user").SessionWindows(second / 100)
                .Aggregate(a => a.Count("calls")).To(_users)),
            4 => Query(stream, keys, "spenders", q => q.Where(call => call.Cost > 50).By<string, int>("tenant", "user")
                .TumblingWindows(second * 10).Aggregate(a => a.Sum("cost")).To(_spenders)),
            _ => Query(stream, keys, "tokens", q => q.By("tenant").SlidingWindows(second * 10, second)
                .Aggregate(a => a.Sum("tokens").Count("calls")).To(_tokens)),
        };
    }

    private static StreamStep<Call> Query<TKey>(
        StreamStep<Call>? stream,
        IReadOnlyList<string> keys,
        string name,
        Func<QueryStep<Call>, QueryOutputStep<Call, TKey>> query)
        where TKey : notnull =>
        stream is null ? CallStream.WithKeys(keys).Query(name, query) : stream.Query(name, query);
}
