using DisruptorStream.Building.Streams;

namespace DisruptorStream.Hosting.Streams;

/// <summary>Outputs of a query that come from the container.</summary>
internal sealed class HostedOutputs<TEvent, TKey> : HostedOutputs
    where TKey : notnull
{
    /// <param name="query">The query's name.</param>
    public HostedOutputs(string query)
        : base(query, typeof(TKey))
    {
    }

    /// <summary>Add sinks to the last step of the query, in the order of the calls.</summary>
    public List<Func<QueryOutputStep<TEvent, TKey>, IServiceProvider, QueryOutputStep<TEvent, TKey>>> Sinks { get; } =
        [];

    /// <summary>Finds who reads the results; null where the host enumerates them.</summary>
    public Func<IServiceProvider, IResultReader<TKey>>? Reader { get; set; }
}
