namespace DisruptorStream.Sources;

/// <summary>What the journal of a durable processor keeps of the events of a source.</summary>
public enum SourceJournal
{
    /// <summary>The events: a recovery does not need the source.</summary>
    Events,

    /// <summary>
    /// Only in which order they came among all others: a journal that is many times smaller. A recovery reads the
    /// events again, so the source must still have what lies behind the oldest snapshot.
    /// </summary>
    Order,
}
