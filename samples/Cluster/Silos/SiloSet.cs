namespace Cluster.Silos;

/// <summary>The silos that the page has started. Any thread.</summary>
internal sealed class SiloSet : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SiloProcess?[] _silos;
    private readonly string _log;

    /// <param name="count">How many there are places for.</param>
    /// <param name="log">The address of the log's server.</param>
    public SiloSet(int count, string log) => (_silos, _log) = (new SiloProcess?[count], log);

    /// <summary>How many places there are.</summary>
    public int Count => _silos.Length;

    /// <summary>The silos, by number; null where there is none.</summary>
    public IReadOnlyList<SiloProcess?> All
    {
        get
        {
            lock (_gate)
                return [.. _silos];
        }
    }

    /// <summary>Starts the silo of a number, from 1 on, unless it lives.</summary>
    public void Start(int number)
    {
        lock (_gate)
        {
            if (_silos[number - 1] is { IsAlive: true })
                return;
            _silos[number - 1] = SiloProcess.Start(
                new SiloOptions(number, _log, FreePort.Find(), FreePort.Find(), FreePort.Find()));
        }
    }

    /// <summary>The silo of a number; null where none lives.</summary>
    public SiloProcess? Find(int number)
    {
        lock (_gate)
            return number >= 1 && number <= _silos.Length && _silos[number - 1] is { IsAlive: true } silo ? silo : null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in All)
        {
            if (silo is not null)
                await silo.DisposeAsync();
        }
    }
}
