namespace DisruptorStream.Cluster;

/// <summary>What the log of results of a partition holds, all of it as the query gives it.</summary>
public sealed record PartitionReport
{
    /// <summary>How many records.</summary>
    public required long Records { get; init; }

    /// <summary>How many results; they are numbered from 1 to this.</summary>
    public required long Results { get; init; }

    /// <summary>How many owners there were, one after the other.</summary>
    public required long Epochs { get; init; }

    /// <summary>The position of the last record; 0 for none.</summary>
    public required long Position { get; init; }

    /// <summary>How many events of the input they are made of.</summary>
    public required long Events { get; init; }

    /// <summary>Up to which time windows have fired; null for none.</summary>
    public long? WatermarkTicks { get; init; }
}
