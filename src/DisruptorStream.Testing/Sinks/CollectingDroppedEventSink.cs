using DisruptorStream.Emission;

namespace DisruptorStream.Testing.Sinks;

/// <summary>Keeps copies of all dropped events.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Any thread may read while the processor writes.</remarks>
public sealed class CollectingDroppedEventSink<TKey> : IDroppedEventSink<TKey>
{
    private readonly Arrivals<CollectedDrop<TKey>> _arrivals = new("dropped events");

    /// <summary>How many dropped events there are.</summary>
    public int Count => _arrivals.Count;

    /// <summary>The dropped events so far, in their order. Each call makes a list of its own.</summary>
    public IReadOnlyList<CollectedDrop<TKey>> Dropped => _arrivals.ToArray();

    /// <summary>Waits until there are at least this many dropped events, and gives all of them.</summary>
    /// <inheritdoc cref="CollectingSink{TKey}.WaitForAsync"/>
    public Task<IReadOnlyList<CollectedDrop<TKey>>> WaitForAsync(
        int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _arrivals.WaitForAsync(count, timeout, cancellationToken);

    /// <summary>Forgets the dropped events.</summary>
    public void Clear() => _arrivals.Clear();

    /// <inheritdoc/>
    public void OnDropped(in DroppedEvent<TKey> dropped) => _arrivals.Add(new CollectedDrop<TKey>(
        dropped.Key, dropped.HasKey, dropped.TimestampTicks, dropped.Value, dropped.Reason, dropped.Sequence));
}
