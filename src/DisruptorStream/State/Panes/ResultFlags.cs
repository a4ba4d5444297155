namespace DisruptorStream.State.Panes;

[Flags]
internal enum ResultFlags : byte
{
    None = 0,

    /// <summary>Emitted at the expiry: no further pane of this key and window comes.</summary>
    Last = 1,

    /// <summary>The row is a dropped event, not a pane; its values are the event's measures.</summary>
    Dropped = 2,

    /// <summary>The window was given up because of a limit; what it held is in this pane.</summary>
    Evicted = 4,

    /// <summary>Not a result: the key's id is free once this row has been passed.</summary>
    KeyReleased = 8,

    /// <summary>The window had no event, and is shown all the same.</summary>
    Filled = 16,

    /// <summary>All values but counts are null.</summary>
    NoValues = 32,

    /// <summary>The key's silence has begun.</summary>
    SilenceStarted = 64,

    /// <summary>The key's silence is over.</summary>
    SilenceEnded = 128,
}
