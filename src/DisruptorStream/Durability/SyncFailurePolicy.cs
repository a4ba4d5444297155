namespace DisruptorStream.Durability;

/// <summary>What happens where the disk fails to make the journal durable.</summary>
public enum SyncFailurePolicy
{
    /// <summary>
    /// The processor fails. What was written since the last sync may be lost; when it starts again, it goes on with
    /// what is there.
    /// </summary>
    Stop,

    /// <summary>
    /// A new file is begun, and what may be lost is written there again, from the ring. Where that fails too, the
    /// processor fails. Only of <see cref="DurabilityMode.Sync"/>: there the ring still has it all.
    /// </summary>
    Reseat,
}
