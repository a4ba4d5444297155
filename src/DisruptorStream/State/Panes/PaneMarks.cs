namespace DisruptorStream.State.Panes;

[Flags]
internal enum PaneMarks
{
    None = 0,

    /// <summary>The record has been counted among its key's windows.</summary>
    Counted = 1,

    /// <summary>The retained copy holds the pane that was emitted last.</summary>
    Emitted = 2,

    /// <summary>A session that has fired on time and has not grown beyond the watermark since.</summary>
    Completed = 4,

    /// <summary>
    /// A session that is due and waits for its turn. Of another window: the tick that is under way asks for it no more.
    /// </summary>
    Due = 8,
}
