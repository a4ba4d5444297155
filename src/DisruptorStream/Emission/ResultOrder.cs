using DisruptorStream.Windows;

namespace DisruptorStream.Emission;

/// <summary>The one order of results, in every execution mode and for every number of shards.</summary>
/// <remarks>
/// By firing sequence, window end, start, key id and pane index, a retraction before a pane of the same index. A
/// dropped event has the lowest end there is, and so comes before the panes of its slot.
/// </remarks>
internal static class ResultOrder
{
    public static int Compare(in ResultHeader a, in ResultHeader b)
    {
        if (a.Sequence != b.Sequence)
            return a.Sequence < b.Sequence ? -1 : 1;

        if (a.EndTicks != b.EndTicks)
            return a.EndTicks < b.EndTicks ? -1 : 1;

        if (a.StartTicks != b.StartTicks)
            return a.StartTicks < b.StartTicks ? -1 : 1;

        if (a.KeyId != b.KeyId)
            return a.KeyId < b.KeyId ? -1 : 1;

        if (a.PaneIndex != b.PaneIndex)
            return a.PaneIndex < b.PaneIndex ? -1 : 1;

        return (b.Timing == PaneTiming.Retract).CompareTo(a.Timing == PaneTiming.Retract);
    }
}
