namespace DisruptorStream.Simulation.Disks;

/// <summary>How a call of a disk goes wrong.</summary>
internal enum DiskFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>EIO, and nothing is done; a sync loses what it should have made durable, all or in part.</summary>
    Error,

    /// <summary>Of a write, a beginning is done, then EIO; of others as <see cref="Error"/>.</summary>
    Short,

    /// <summary>ENOSPC; of a write, a beginning may be done; a sync loses as with <see cref="Error"/>.</summary>
    NoSpace,

    /// <summary>The machine or process ends in the middle of it: a part may be done.</summary>
    Cut,
}
