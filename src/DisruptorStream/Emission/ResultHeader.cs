using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.Windows;

namespace DisruptorStream.Emission;

/// <summary>The fixed part of a row that a shard hands to emission: a pane, or a dropped event.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResultHeader
{
    /// <summary>The sequence of the slot that caused the row.</summary>
    public long Sequence;

    /// <summary>The window's start; a dropped event's timestamp.</summary>
    public long StartTicks;

    /// <summary>The window's end; long.MinValue for a dropped event, which sorts before the panes of its slot.</summary>
    public long EndTicks;

    public int KeyId;

    /// <summary>Counts the panes of one key and window from 0; a retraction has the index of the pane it withdraws.</summary>
    public int PaneIndex;

    /// <summary>Where the shard keeps the exception of a failed window; -1 when it has not failed.</summary>
    public int FailureIndex;

    public PaneTiming Timing;

    public ResultFlags Flags;

    public DropReason Reason;
}
