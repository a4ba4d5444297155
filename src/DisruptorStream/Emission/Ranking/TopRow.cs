using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Ranking;

/// <summary>A pane that may be shown, without its values.</summary>
internal struct TopRow
{
    /// <summary>Where a row is that is not among the best.</summary>
    public const int Outside = -1;

    /// <summary>The larger, the better.</summary>
    public long Merit;

    /// <summary>Of two that are as good, the one whose key came first is the better one.</summary>
    public long Ordinal;

    public int KeyId;

    /// <summary>Where the shard keeps the exception of a failed window; -1 when it has not failed.</summary>
    public int FailureIndex;

    /// <summary>The group that it is in.</summary>
    public int Group;

    /// <summary>The next row of the group; -1 for none.</summary>
    public int Next;

    /// <summary>Its place among the best of the group; <see cref="Outside"/> for none.</summary>
    public int Place;

    /// <summary>What the pane itself is: not what the list is.</summary>
    public ResultFlags Flags;

    /// <summary>Whether it has no value to be ranked by: then it is behind all others.</summary>
    public bool IsNull;

    /// <summary>Whether one row ranks before another one.</summary>
    public static bool IsBetter(in TopRow row, in TopRow than)
    {
        if (row.IsNull != than.IsNull)
            return than.IsNull;
        return row.Merit != than.Merit ? row.Merit > than.Merit : row.Ordinal < than.Ordinal;
    }
}
