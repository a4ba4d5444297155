namespace DisruptorStream.Simulation.Disks;

/// <summary>What goes wrong on a disk: by plan, or by chance.</summary>
internal sealed class DiskFaults
{
    private readonly List<(DiskOperation Operation, DiskFault Fault, int Skip)> _planned = [];

    /// <summary>How often a write does nothing and throws EIO, 0 to 1. Default 0.</summary>
    public double WriteErrorChance { get; set; }

    /// <summary>How often a write does a part and throws EIO, 0 to 1. Default 0.</summary>
    public double ShortWriteChance { get; set; }

    /// <summary>How often a sync of a file throws EIO and loses what was not synced, 0 to 1. Default 0.</summary>
    public double SyncErrorChance { get; set; }

    /// <summary>How often the system writes a page of its own accord, at each write, 0 to 1. Default 0.25.</summary>
    public double WriteBackChance { get; set; } = 0.25;

    /// <summary>How many bytes all files may take, in pages of 4 KiB. Default null: no limit.</summary>
    public long? BudgetBytes { get; set; }

    /// <summary>Plans a fault.</summary>
    /// <param name="operation">Of which kind of call.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="skip">How many calls of that kind go well before it.</param>
    public void Fail(DiskOperation operation, DiskFault fault, int skip = 0) =>
        _planned.Add((operation, fault, skip));

    /// <summary>No faults any more: neither planned ones nor by chance, nor a budget.</summary>
    public void Clear()
    {
        _planned.Clear();
        WriteErrorChance = ShortWriteChance = SyncErrorChance = 0;
        BudgetBytes = null;
    }

    /// <summary>What becomes of the next call.</summary>
    public DiskFault Next(DiskOperation operation, Random random)
    {
        for (var i = 0; i < _planned.Count; i++)
        {
            var (planned, fault, skip) = _planned[i];
            if (planned != operation)
                continue;
            if (skip == 0)
            {
                _planned.RemoveAt(i);
                return fault;
            }

            _planned[i] = (planned, fault, skip - 1);
        }

        return operation switch
        {
            DiskOperation.Write when Happens(WriteErrorChance, random) => DiskFault.Error,
            DiskOperation.Write when Happens(ShortWriteChance, random) => DiskFault.Short,
            DiskOperation.Sync when Happens(SyncErrorChance, random) => DiskFault.Error,
            _ => DiskFault.None,
        };
    }

    private static bool Happens(double chance, Random random) => chance > 0 && random.NextDouble() < chance;
}
