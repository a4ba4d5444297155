using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.Monitoring;

/// <summary>Follows a metric over the windows of each key with a statistic.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TStatistic">What is kept for each key: a class or a mutable struct.</typeparam>
/// <remarks>
/// A sink like any other. On-time panes count, each window once; failed windows and values that are not finite are left
/// out. Called by the emitting thread; it allocates when a key is new.
/// </remarks>
public sealed class WindowStatistic<TKey, TStatistic> : IResultSink<TKey>
    where TKey : notnull
{
    private readonly string _metric;
    private readonly Func<TStatistic> _create;
    private readonly WindowStatisticHandler<TKey, TStatistic> _onWindow;
    private readonly int _maxKeys;
    private readonly Dictionary<TKey, Entry> _entries = [];
    private readonly LinkedList<Entry> _bySeen = new();

    /// <param name="metric">The name of the metric that is followed.</param>
    /// <param name="create">Makes the statistic of a new key; not null, which is the sink's failure.</param>
    /// <param name="onWindow">
    /// Called for each on-time pane, on the emitting thread. What it throws is the sink's failure.
    /// </param>
    /// <param name="maxKeys">
    /// How many keys are remembered: 1 or more. Default 100,000; one more makes the key forgotten that was seen the
    /// longest ago.
    /// </param>
    /// <exception cref="ArgumentException">The metric has no name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of keys is below 1.</exception>
    public WindowStatistic(
        string metric,
        Func<TStatistic> create,
        WindowStatisticHandler<TKey, TStatistic> onWindow,
        int maxKeys = 100_000)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(metric);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(onWindow);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxKeys, 1);
        _metric = metric;
        _create = create;
        _onWindow = onWindow;
        _maxKeys = maxKeys;
    }

    /// <summary>How many keys are remembered.</summary>
    public int KeyCount => _entries.Count;

    /// <inheritdoc/>
    public void OnResults(ResultBatch<TKey> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var result in batch)
        {
            if (result.Timing != PaneTiming.OnTime || result.IsFailed)
                continue;

            var value = result[_metric];
            if (double.IsFinite(value))
                _onWindow(ref EntryOf(result.Key).Statistic, in result, value);
        }
    }

    private Entry EntryOf(TKey key)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            _bySeen.Remove(entry.Node);
            _bySeen.AddLast(entry.Node);
            return entry;
        }

        var statistic = _create();
        if (statistic is null)
        {
            throw new InvalidOperationException(
                $"What creates the statistics of the metric '{_metric}' returned null for the key '{key}'; return a "
                + "statistic of its own for each key.");
        }

        if (_entries.Count == _maxKeys)
        {
            _entries.Remove(_bySeen.First!.Value.Key);
            _bySeen.RemoveFirst();
        }

        entry = new Entry(key, statistic);
        _bySeen.AddLast(entry.Node);
        _entries.Add(key, entry);
        return entry;
    }

    private sealed class Entry
    {
        private TStatistic _statistic;

        public Entry(TKey key, TStatistic statistic)
        {
            Key = key;
            _statistic = statistic;
            Node = new LinkedListNode<Entry>(this);
        }

        public TKey Key { get; }

        public LinkedListNode<Entry> Node { get; }

        public ref TStatistic Statistic => ref _statistic;
    }
}
