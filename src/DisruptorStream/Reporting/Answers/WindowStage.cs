namespace DisruptorStream.Reporting.Answers;

/// <summary>How far a window has come.</summary>
public enum WindowStage
{
    /// <summary>The query has no window of these bounds.</summary>
    NoSuchWindow = 0,

    /// <summary>No key has an event in it yet, and the watermark has not reached its end.</summary>
    Empty,

    /// <summary>It has events, and the watermark has not reached its end.</summary>
    Open,

    /// <summary>The watermark has passed its end, and it takes late events still.</summary>
    Complete,

    /// <summary>The watermark has passed its end and the allowed lateness: it is forgotten.</summary>
    Expired,
}
