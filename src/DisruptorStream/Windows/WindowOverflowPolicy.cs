namespace DisruptorStream.Windows;

/// <summary>What becomes of an event whose window would exceed a limit of stored windows.</summary>
public enum WindowOverflowPolicy
{
    /// <summary>
    /// The oldest window of the key is emitted as an early pane, marked evicted, and given up. The default.
    /// </summary>
    EvictOldest = 0,

    /// <summary>The event is dropped with <see cref="Events.DropReason.WindowLimit"/>.</summary>
    RejectEvent,
}
