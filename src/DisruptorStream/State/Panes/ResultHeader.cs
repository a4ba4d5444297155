using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Panes;

/// <summary>
/// The fixed part of a row that a shard hands to emission: a pane, a dropped event or a released key.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResultHeader
{
    /// <summary>The sequence of the slot that caused the row.</summary>
    public long Sequence;

    /// <summary>The window's start; a dropped event's timestamp.</summary>
    public long StartTicks;

    /// <summary>The window's end; a dropped event's own sequence.</summary>
    public long EndTicks;

    /// <summary>
    /// The start and end of the window whose pane this row goes with: a retraction sorts with its replacement.
    /// </summary>
    public long OrderStartTicks;

    public long OrderEndTicks;

    public int KeyId;

    /// <summary>
    /// Counts the panes of one key and window from 0; a retraction has the index of the pane it withdraws.
    /// </summary>
    public int PaneIndex;

    /// <summary>The index of the pane this row goes with.</summary>
    public int OrderPaneIndex;

    /// <summary>Where the shard keeps the exception of a failed window; -1 when it has not failed.</summary>
    public int FailureIndex;

    /// <summary>The pane's place in a list of the best, from 1; 0 where there is no list.</summary>
    public int Rank;

    public PaneTiming Timing;

    public ResultFlags Flags;

    public DropReason Reason;

    /// <summary>
    /// The documented order of results: causing sequence, window end, window start, key id, pane; a retraction before
    /// its replacement. Dropped events of a slot come before its panes.
    /// </summary>
    public static int Compare(in ResultHeader a, in ResultHeader b)
    {
        if (a.Sequence != b.Sequence)
            return a.Sequence < b.Sequence ? -1 : 1;
        if (a.OrderEndTicks != b.OrderEndTicks)
            return a.OrderEndTicks < b.OrderEndTicks ? -1 : 1;
        if (a.OrderStartTicks != b.OrderStartTicks)
            return a.OrderStartTicks < b.OrderStartTicks ? -1 : 1;
        return a.KeyId != b.KeyId ? a.KeyId.CompareTo(b.KeyId) : CompareWithinPane(a, b);
    }

    private static int CompareWithinPane(in ResultHeader a, in ResultHeader b)
    {
        if (a.OrderPaneIndex != b.OrderPaneIndex)
            return a.OrderPaneIndex.CompareTo(b.OrderPaneIndex);
        var aReplaces = a.Timing != PaneTiming.Retract;
        if (aReplaces != (b.Timing != PaneTiming.Retract))
            return aReplaces ? 1 : -1;
        if (a.EndTicks != b.EndTicks)
            return a.EndTicks < b.EndTicks ? -1 : 1;
        return a.StartTicks != b.StartTicks
            ? a.StartTicks.CompareTo(b.StartTicks)
            : a.PaneIndex.CompareTo(b.PaneIndex);
    }
}
