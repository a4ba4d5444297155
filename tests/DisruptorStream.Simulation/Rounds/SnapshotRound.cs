using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Simulation.Disks;

namespace DisruptorStream.Simulation.Rounds;

/// <summary>
/// Snapshots on a disk with faults, through crashes anywhere: there is always a valid one as new as the newest that was
/// told to be durable, and none that is valid has other bytes than were written.
/// </summary>
internal sealed class SnapshotRound
{
    private const string Folder = "/state";

    private readonly Random _random;
    private readonly SimulatedDisk _disk;
    private long _sequence;
    private long _durable = -1;

    private SnapshotRound(int seed)
    {
        _random = new Random(seed);
        _disk = new SimulatedDisk(seed);
        _disk.CreateDirectory(Folder);
        _disk.Faults.WriteErrorChance = _random.Next(4) == 0 ? 0.05 : 0;
        _disk.Faults.ShortWriteChance = _random.Next(4) == 0 ? 0.05 : 0;
        _disk.Faults.SyncErrorChance = _random.Next(4) == 0 ? 0.1 : 0;
    }

    /// <summary>Runs a round.</summary>
    /// <param name="seed">Decides all that chance decides.</param>
    /// <exception cref="RoundException">A snapshot was lost, or a bad one passed.</exception>
    public static void Run(int seed)
    {
        var round = new SnapshotRound(seed);
        for (var crash = 0; crash < 12; crash++)
            round.RunToCrash();
    }

    private void RunToCrash()
    {
        _disk.CrashAt(_disk.Operations + _random.Next(1, 60), (CrashMoment)_random.Next(3));
        try
        {
            var store = new SnapshotStore(_disk, Folder);
            for (var step = 0; step < 10; step++)
                Step(store);
        }
        catch (SimulatedCrashException)
        {
            // What it leaves is looked at below.
        }

        if (_random.Next(2) == 0)
            _disk.Crash(_random);
        else
            _disk.CrashProcess();
        Check();
    }

    private void Step(SnapshotStore store)
    {
        try
        {
            if (_random.Next(3) > 0)
            {
                Snapshots.Write(store, ++_sequence);
                _durable = _sequence;
                return;
            }

            var pruning = store.Prune(_random.Next(1, 3), []);
            if (pruning.Kept.Count > 0)
                _durable = Math.Max(_durable, pruning.Kept[0].Sequence);
        }
        catch (IOException)
        {
            // A fault: what was durable still is.
        }
    }

    private void Check()
    {
        var store = new SnapshotStore(_disk, Folder);
        var newest = -1L;
        foreach (var entry in store.List())
        {
            if (!entry.IsValid)
                continue;
            newest = Math.Max(newest, entry.Sequence);
            Snapshots.Check(store, entry.Sequence);
        }

        RoundException.ThrowUnless(newest >= _durable, $"Snapshot {_durable} was durable; {newest} is the newest.");
    }
}
