namespace DisruptorStream.Watermarks.History;

/// <summary>Tells when windows answer late events with far too many panes, and what to do.</summary>
internal static class LatePaneFlood
{
    // Few panes are no flood, whatever their share is.
    private const long LeastPanes = 1000;

    /// <summary>What to do about it, as a sentence.</summary>
    public const string Advice =
        "Each late event makes a pane of its own: ask for fewer with Late(count: 1000) or Late(delay: "
        + "TimeSpan.FromSeconds(1)), or let the watermark wait longer with MaxOutOfOrderness.";

    /// <summary>Whether there are nearly as many as one for every second event.</summary>
    public static bool IsOne(long latePanes, long events) => latePanes >= LeastPanes && latePanes * 2 >= events;
}
