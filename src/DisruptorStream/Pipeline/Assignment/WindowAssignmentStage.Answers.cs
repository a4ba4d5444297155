using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <content>What it is asked for when somebody wants to know why.</content>
internal abstract unsafe partial class WindowAssignmentStage
{
    /// <summary>What moved the watermark; null where that is not kept.</summary>
    public WatermarkHistory? History { get; }

    /// <summary>Appends the windows that have events and are not complete.</summary>
    public abstract void CopyOpenWindows(OpenWindowList windows);

    /// <summary>
    /// When a window's slices had events; null where it has none that are open, and where windows are each key's own.
    /// </summary>
    public virtual SliceTrace? TraceOf(TimeWindow window) => null;

    /// <summary>Whether a window of these bounds may be among the query's.</summary>
    public virtual bool MayHave(TimeWindow window) => window.EndTicks > window.StartTicks;

    /// <summary>
    /// The end of the last of the windows that an event of a time is in; null where no grid says that.
    /// </summary>
    public virtual long? LastEndOf(long time) => null;
}
