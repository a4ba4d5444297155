namespace DisruptorStream.Reporting.Answers;

/// <summary>Why a processor, or a query of a stream, gives no result now.</summary>
public enum NoResultReason
{
    /// <summary>
    /// Nothing is missing: all windows that had events, and whose end has come, have given their results.
    /// </summary>
    None = 0,

    /// <summary>It has not been started.</summary>
    NotStarted,

    /// <summary>Nothing has been published.</summary>
    NoEvents,

    /// <summary>Events wait in the ring and none was handled.</summary>
    NotHandled,

    /// <summary>Every event was dropped.</summary>
    AllDropped,

    /// <summary>The query's filter refused every event.</summary>
    AllFiltered,

    /// <summary>Every event lies between the windows: the slide is above the size.</summary>
    BetweenWindows,

    /// <summary>The jump guard holds all that has come.</summary>
    HeldByJumpGuard,

    /// <summary>Windows are open, and the watermark has not reached the end of any.</summary>
    WaitsForWatermark,

    /// <summary>Results have been fired, and a sink or a gate holds them.</summary>
    NotDelivered,

    /// <summary>Results wait in the result buffer.</summary>
    NotRead,

    /// <summary>It was stopped, and windows are left that never fired.</summary>
    Stopped,

    /// <summary>A stage has failed.</summary>
    Failed,
}
