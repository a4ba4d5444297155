namespace DisruptorStream.Windows.Gaps;

/// <summary>What a pane shows that fills a gap, apart from its counts, which are 0.</summary>
public enum GapValues
{
    /// <summary>Nothing: its values are null. The default.</summary>
    Null = 0,

    /// <summary>Zero.</summary>
    Zero,

    /// <summary>What the key's newest window with events had in its on-time pane.</summary>
    Previous,
}
