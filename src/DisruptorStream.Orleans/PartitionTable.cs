using DisruptorStream.Orleans.Grains;
using DisruptorStream.Orleans.Hosting;

namespace DisruptorStream.Orleans;

/// <summary>Which silo owns which partition, and how it is doing. Any thread.</summary>
public sealed class PartitionTable
{
    private readonly LocalPartitions _local;
    private readonly IGrainFactory _grains;

    internal PartitionTable(LocalPartitions local, IGrainFactory grains) => (_local, _grains) = (local, grains);

    /// <summary>Asks for all partitions of all queries of this silo, wherever they are.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those that have answered, by query and number: one whose silo has just died is missing.</returns>
    public async Task<IReadOnlyList<PartitionPlace>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var asked = new List<Task<PartitionPlace>>();
        foreach (var query in _local.Queries)
        {
            for (var partition = 0; partition < query.Partitions; partition++)
                asked.Add(_grains.GetGrain<IPartitionGrain>(query.KeyOf(partition)).EnsureAsync());
        }

        Task all = Task.WhenAll(asked);
        await all.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        var places = new List<PartitionPlace>(asked.Count);
        foreach (var ask in asked)
        {
            if (ask.IsCompletedSuccessfully)
                places.Add(await ask.ConfigureAwait(false));
        }

        return places;
    }
}
