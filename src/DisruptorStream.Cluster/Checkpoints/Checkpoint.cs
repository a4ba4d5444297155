namespace DisruptorStream.Cluster.Checkpoints;

/// <summary>The state of a partition at one place of its log of results.</summary>
public sealed record Checkpoint
{
    /// <summary>The epoch of the owner at that place; from 1 on.</summary>
    public required long Epoch { get; init; }

    /// <summary>The position of the last record of the log of results that is in it.</summary>
    public required long Position { get; init; }

    /// <summary>The state; less than 2 GB.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }
}
