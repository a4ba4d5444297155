namespace DisruptorStream.Simulation.Disks;

/// <summary>The calls of a file system that a disk counts.</summary>
internal enum DiskOperation
{
    CreateDirectory,
    List,
    Create,
    Open,
    Rename,
    Delete,
    SyncDirectory,
    Lock,
    Read,
    Write,
    SetLength,
    Sync,
}
