namespace DisruptorStream.Cluster.Owning.Keeping;

/// <summary>What an owner is to do for the next checkpoint.</summary>
internal enum CheckpointStep
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>Give standbys a place in the log where a state can be kept.</summary>
    Offer,

    /// <summary>Keep the state itself: no standby did.</summary>
    Keep,
}
