namespace DisruptorStream.Cluster;

/// <summary>What an owner of a partition is doing.</summary>
public enum PartitionState
{
    /// <summary>It was made, and not started.</summary>
    Created,

    /// <summary>It loads the newest checkpoint, and handles again what came behind it.</summary>
    Restoring,

    /// <summary>It follows the owner, and waits to take over.</summary>
    Standby,

    /// <summary>It owns the partition: it handles the input and appends results.</summary>
    Owning,

    /// <summary>It appends what it has, writes a last checkpoint, and ends.</summary>
    Stopping,

    /// <summary>It has ended as it was asked to.</summary>
    Stopped,

    /// <summary>It has ended because somebody else owns the partition.</summary>
    Fenced,

    /// <summary>It has ended because something failed that is not mended by trying again.</summary>
    Failed,
}
