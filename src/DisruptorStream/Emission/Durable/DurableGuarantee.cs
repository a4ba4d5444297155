namespace DisruptorStream.Emission.Durable;

/// <summary>What a durable sink promises of each result after crashes and restarts.</summary>
public enum DurableGuarantee
{
    /// <summary>
    /// Exactly once: the results and the number of the last one are stored together, so that a result is never stored
    /// twice.
    /// </summary>
    Exact = 0,

    /// <summary>
    /// The target holds the right rows by query, key, window and pane: a result that comes again replaces itself. Who
    /// reads meanwhile may see an older value once more.
    /// </summary>
    ExactByKey,

    /// <summary>At least once: after a crash results may be stored, or sent, again.</summary>
    AtLeastOnce,
}
