using DisruptorStream.Aggregation.Filters;

namespace DisruptorStream.Building.Planning;

/// <summary>A query while it is being described: the stream so far, which it may add filters and keys to.</summary>
/// <remarks>Used on one thread, while the stream is being built. What is not built in the end has no effect.</remarks>
internal sealed class QueryScope<TEvent>
{
    private FilterList<TEvent> _filters;
    private IReadOnlyList<StreamKey> _keys;

    /// <param name="stream">The stream so far.</param>
    /// <param name="name">The query's name.</param>
    public QueryScope(StreamDefinition<TEvent> stream, string name)
    {
        Stream = stream;
        Name = name;
        _filters = stream.Filters;
        _keys = stream.Keys;
    }

    /// <summary>The stream before the query.</summary>
    public StreamDefinition<TEvent> Stream { get; }

    /// <summary>The query's name.</summary>
    public string Name { get; }

    /// <summary>The keys so far.</summary>
    public ref IReadOnlyList<StreamKey> Keys => ref _keys;

    /// <summary>The filters so far.</summary>
    public FilterList<TEvent> Filters => _filters;

    /// <summary>Gives a filter its bit.</summary>
    public MetricFilter FilterOf(Func<TEvent, bool> filter, string text)
    {
        _filters = _filters.Add(filter, text, out var added);
        return added;
    }
}
