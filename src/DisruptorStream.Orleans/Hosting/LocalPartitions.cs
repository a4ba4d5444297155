using System.Collections.Concurrent;
using System.Globalization;
using DisruptorStream.Cluster;

namespace DisruptorStream.Orleans.Hosting;

/// <summary>The owners and standbys of this silo. Any thread.</summary>
internal sealed class LocalPartitions : IAsyncDisposable
{
    private readonly Dictionary<string, PlacedQuery> _queries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PartitionOwner> _owners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PartitionOwner> _standbys = new(StringComparer.Ordinal);
    private readonly RetryWaits _waits;

    /// <param name="queries">All queries of the silo.</param>
    /// <param name="time">Measures how long a standby that has failed waits.</param>
    /// <exception cref="InvalidOperationException">Two have the same name.</exception>
    public LocalPartitions(IEnumerable<PlacedQuery> queries, TimeProvider time)
    {
        _waits = new RetryWaits(time, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10));
        foreach (var query in queries)
        {
            if (!_queries.TryAdd(query.Name, query))
            {
                throw new InvalidOperationException(
                    $"Two queries of the silo are named '{query.Name}'; give each UseDisruptorStream a name of its "
                    + "own.");
            }
        }
    }

    /// <summary>All queries of the silo.</summary>
    public IReadOnlyCollection<PlacedQuery> Queries => _queries.Values;

    /// <summary>The name and the number in a partition's key.</summary>
    public static string NameOf(string key, out int partition)
    {
        var cut = key.LastIndexOf('/');
        partition = int.Parse(key.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return key[..cut];
    }

    /// <summary>How an owner is doing, under the name that the query has in the cluster.</summary>
    public static PartitionStatus StatusOf(string key, PartitionOwner owner) =>
        owner.GetStatus() with { Query = NameOf(key, out _) };

    /// <summary>Begins to own a partition: by the standby, if there is one.</summary>
    /// <exception cref="InvalidOperationException">The silo has no such query.</exception>
    public PartitionOwner Own(string key)
    {
        var query = QueryOf(key, out var partition);
        if (_standbys.TryRemove(key, out var owner) && !owner.Completion.IsCompleted)
        {
            owner.TakeOver();
        }
        else
        {
            owner = query.NewOwner(partition);
            owner.Start();
        }

        _owners[key] = owner;
        return owner;
    }

    /// <summary>An owner has ended, or is to end now.</summary>
    public async ValueTask ReleaseAsync(string key, PartitionOwner owner)
    {
        _owners.TryRemove(KeyValuePair.Create(key, owner));
        await owner.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Follows a partition, if that is not done yet.</summary>
    /// <param name="key">The partition.</param>
    /// <param name="isRefused">Whether this silo cannot, as its version of the query is not that of the log.</param>
    /// <returns>Whether it has caught up.</returns>
    public bool StandBy(string key, out bool isRefused)
    {
        isRefused = false;
        if (_standbys.TryGetValue(key, out var standby))
        {
            var status = standby.GetStatus();
            if (!standby.Completion.IsCompleted)
                return status.State == PartitionState.Standby;
            if (!_waits.MayTry(key))
            {
                isRefused = status.Failure is PartitionPlanException;
                return false;
            }
        }

        _waits.NoteTry(key);
        var next = QueryOf(key, out var partition).NewStandby(partition);
        _standbys[key] = next;
        next.Start();
        return false;
    }

    /// <summary>No longer follows a partition.</summary>
    public void Forget(string key)
    {
        // Its end is not waited for: it holds nobody up.
        if (_standbys.TryRemove(key, out var standby))
            _ = standby.DisposeAsync().AsTask();
    }

    /// <summary>Whether the partition is owned here, or about to be.</summary>
    public bool Owns(string key) => _owners.TryGetValue(key, out var owner) && !owner.Completion.IsCompleted;

    /// <summary>How the owners and standbys of this silo are doing.</summary>
    public IEnumerable<PartitionStatus> Statuses()
    {
        foreach (var (status, _) in StatusesAndRefusals())
            yield return status;
    }

    /// <summary>The same, and whether a partition is owned elsewhere, and could not be owned here.</summary>
    public IEnumerable<(PartitionStatus Status, bool IsRefused)> StatusesAndRefusals()
    {
        foreach (var (key, owner) in _owners)
            yield return (StatusOf(key, owner), false);
        foreach (var (key, standby) in _standbys)
        {
            var status = StatusOf(key, standby);
            yield return (status, status.Failure is PartitionPlanException && !_owners.ContainsKey(key));
        }
    }

    /// <summary>Ends all that still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var standby in _standbys.Values)
            await standby.DisposeAsync().ConfigureAwait(false);
        foreach (var owner in _owners.Values)
            await owner.DisposeAsync().ConfigureAwait(false);
    }

    private PlacedQuery QueryOf(string key, out int partition) =>
        _queries.TryGetValue(NameOf(key, out partition), out var query)
            ? query
            : throw new InvalidOperationException(
                $"The partition '{key}' is placed on a silo that has no such query; every silo of the cluster needs "
                + "the same calls of UseDisruptorStream.");
}
