namespace DisruptorStream.Cluster;

/// <summary>Which partitions of the input a partition reads.</summary>
public enum InputRouting
{
    /// <summary>The one of the same number. Events have to be written to the partition of their key.</summary>
    SamePartition,

    /// <summary>
    /// All, and of their events those of its own keys: for a query behind another one, by another key. Each partition
    /// of the input is a source with a watermark of its own. Each record is read by every partition.
    /// </summary>
    AllPartitions,
}
