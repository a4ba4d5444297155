namespace DisruptorStream.Durability;

/// <summary>What happens where a journal has as many bytes as it may.</summary>
public enum JournalLimitPolicy
{
    /// <summary>Nothing is written until snapshots have made room: publishers wait once the ring is full.</summary>
    Wait,

    /// <summary>The same for 5 seconds; where no snapshot has made room by then, the processor fails.</summary>
    Stop,
}
