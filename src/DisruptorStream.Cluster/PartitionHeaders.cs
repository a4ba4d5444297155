namespace DisruptorStream.Cluster;

/// <summary>The headers of the records in the log of results, and of those that a writer appends.</summary>
/// <remarks>Numbers are decimal. The body of a record of results has a line of JSON for each of them.</remarks>
public static class PartitionHeaders
{
    /// <summary>Which owner wrote it: from 1 on, each owner has one more than the one before. Results only.</summary>
    public const string Epoch = "DS-Epoch";

    /// <summary>Which run of which process took the partition; only in the first record of an epoch.</summary>
    public const string Owner = "DS-Owner";

    /// <summary>The fingerprint of the query; only in the first record of an epoch.</summary>
    public const string Plan = "DS-Plan";

    /// <summary>The version of the query; only in the first record of an epoch.</summary>
    public const string Version = "DS-Version";

    /// <summary>
    /// The number of the first result in the record: each result has one more than the one before it. Where the record
    /// has none, that of the next one.
    /// </summary>
    public const string First = "DS-First";

    /// <summary>How many results, events or lines are in the record; may be 0.</summary>
    public const string Count = "DS-Count";

    /// <summary>
    /// In ticks of 100 ns since 1970: behind this record no result of a window comes whose end is not later, other than
    /// late ones. <see cref="long.MaxValue"/> behind the last result of all. Not in every record.
    /// </summary>
    public const string Watermark = "DS-Watermark";

    /// <summary>What of the input was handled, in which order, and with which clock; base64.</summary>
    public const string Order = "DS-Order";

    /// <summary>
    /// Behind this record standbys may keep the state: all results are in the log, and the last step was one of the
    /// clock. Results only.
    /// </summary>
    public const string Offer = "DS-Offer";

    /// <summary>Which writer appended it; input only.</summary>
    public const string Writer = "DS-Writer";
}
