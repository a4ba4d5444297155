using System.Runtime.InteropServices;

namespace DisruptorStream.State.Panes;

/// <summary>What is kept of the panes of one key and window, apart from its accumulators.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct PaneState
{
    public const int SizeBytes = 16;

    /// <summary>Events since the last pane.</summary>
    public long Pending;

    /// <summary>The index of the next pane.</summary>
    public int NextIndex;

    public PaneMarks Marks;
}
