namespace DisruptorStream;

/// <summary>On which threads the stages run. The results are the same, bit for bit, in every mode.</summary>
public enum ExecutionMode
{
    /// <summary>
    /// <see cref="Fused"/>, or <see cref="Staged"/> where more than one shard is asked for. The default.
    /// </summary>
    Auto = 0,

    /// <summary>On the caller's thread, inside each publish: for tests and back-fills. One caller at a time.</summary>
    Inline,

    /// <summary>One worker thread runs every stage over each batch while it is in cache.</summary>
    Fused,

    /// <summary>
    /// A thread for window assignment, one for each shard and one for emission. In a stream a thread for each query,
    /// which runs every stage of it; queries that read the panes of another share its thread.
    /// </summary>
    Staged,
}
