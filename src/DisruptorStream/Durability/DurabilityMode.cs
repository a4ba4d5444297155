namespace DisruptorStream.Durability;

/// <summary>What an event is safe from, and when its results may leave.</summary>
public enum DurabilityMode
{
    /// <summary>
    /// Results leave once what they depend on is written: the end of the process, however it comes, takes back nothing
    /// that a sink has seen. The disk is synced from time to time (<see cref="DurabilityOptions.SyncInterval"/>): a
    /// power cut loses at most what came since.
    /// </summary>
    Async,

    /// <summary>
    /// Results leave once what they depend on is synced: a power cut takes back nothing that a sink has seen. As many
    /// events as have come are synced together.
    /// </summary>
    Sync,
}
