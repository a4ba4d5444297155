namespace DisruptorStream.Emission.Tables;

/// <summary>What a row of a table of results is.</summary>
public enum TableWriteMode
{
    /// <summary>A result: each pane and retraction is a row of its own, and none is changed.</summary>
    Append = 0,

    /// <summary>
    /// A query's key and window: the newest pane replaces the one before, and a retraction takes the row away.
    /// </summary>
    Upsert,
}
