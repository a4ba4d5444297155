using System.Collections.Concurrent;

namespace DisruptorStream.Orleans.Placement;

/// <summary>
/// Which silos cannot own which partitions, as their version of the query is not the one that the log goes on with.
/// </summary>
/// <remarks>Each silo learns it by asking for all partitions. It is forgotten after a while. Any thread.</remarks>
internal sealed class RefusingSilos
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Partition, SiloAddress Silo), long> _notedAt = new();
    private readonly TimeProvider _time;

    public RefusingSilos(TimeProvider time) => _time = time;

    /// <summary>A silo has refused a partition.</summary>
    public void Note(string partition, SiloAddress silo) => _notedAt[(partition, silo)] = _time.GetTimestamp();

    /// <summary>Those that may own a partition: all of them, where all have refused it.</summary>
    public IReadOnlyList<SiloAddress> LeaveOut(string partition, IReadOnlyList<SiloAddress> silos)
    {
        if (_notedAt.IsEmpty)
            return silos;
        var rest = new List<SiloAddress>(silos.Count);
        foreach (var silo in silos)
        {
            if (!Refuses(partition, silo))
                rest.Add(silo);
        }

        return rest.Count == 0 ? silos : rest;
    }

    /// <summary>Whether there is none that may own a partition.</summary>
    public bool AllRefuse(string partition, IReadOnlyList<SiloAddress> silos)
    {
        foreach (var silo in silos)
        {
            if (!Refuses(partition, silo))
                return false;
        }

        return true;
    }

    /// <summary>Whether a silo has refused a partition not long ago.</summary>
    public bool Refuses(string partition, SiloAddress silo)
    {
        if (!_notedAt.TryGetValue((partition, silo), out var at))
            return false;
        if (_time.GetElapsedTime(at) < Lasts)
            return true;
        _notedAt.TryRemove(KeyValuePair.Create((partition, silo), at));
        return false;
    }
}
