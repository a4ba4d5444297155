namespace DisruptorStream.Windows;

/// <summary>When a pane of a window was emitted, relative to the watermark.</summary>
public enum PaneTiming : byte
{
    /// <summary>Before the window was complete.</summary>
    Early = 0,

    /// <summary>
    /// At completion: the watermark reached the window's end. Exactly one per window that had state then.
    /// </summary>
    OnTime,

    /// <summary>After completion, because of an event within the allowed lateness.</summary>
    Late,

    /// <summary>Withdraws the pane emitted before: same window, same values.</summary>
    Retract,
}
