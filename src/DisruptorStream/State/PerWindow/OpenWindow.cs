using DisruptorStream.State.Memory;
using DisruptorStream.Windows;

namespace DisruptorStream.State.PerWindow;

/// <summary>One window that is not yet given up, with a record for each key that has been in it.</summary>
internal sealed class OpenWindow
{
    public OpenWindow(KeyedTable table) => Table = table;

    public KeyedTable Table { get; }

    public TimeWindow Span { get; set; }

    /// <summary>The watermark has reached its end and the on-time panes are out, or on their way.</summary>
    public bool IsCompleted { get; set; }
}
