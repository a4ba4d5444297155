namespace DisruptorStream.Emission.Views;

/// <summary>The newest list of a group: which keys are in it.</summary>
internal sealed class LatestList<TKey>
{
    /// <summary>The group; and the length of the windows, where each length has lists of its own.</summary>
    public (UInt128 Group, long LengthTicks) Name { get; set; }

    /// <summary>The end of its window.</summary>
    public long EndTicks { get; set; }

    /// <summary>The keys of its rows that have come so far.</summary>
    public List<TKey> Keys { get; } = [];

    /// <summary>How many rows are shown of it, or of the one before that is being replaced.</summary>
    public int ShownRows { get; set; }
}
