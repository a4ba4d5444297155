namespace DisruptorStream.Windows;

/// <summary>What a pane holds when a window fires more than once.</summary>
public enum AccumulationMode
{
    /// <summary>Everything so far: the newest pane replaces the ones before it. The default.</summary>
    Accumulating = 0,

    /// <summary>What came since the pane before: panes add up.</summary>
    Discarding,

    /// <summary>Everything so far, and the pane before is withdrawn first.</summary>
    Retracting,
}
