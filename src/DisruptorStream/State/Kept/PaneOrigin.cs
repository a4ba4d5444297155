using DisruptorStream.Events;

namespace DisruptorStream.State.Kept;

/// <summary>Which window and key of the query that is read a pane is of: two words behind the measures.</summary>
/// <param name="StartTicks">The start of its window.</param>
/// <param name="EndTicks">The end of its window.</param>
/// <param name="KeyId">Its key there.</param>
internal readonly record struct PaneOrigin(long StartTicks, long EndTicks, int KeyId)
{
    /// <summary>The words that a pane with an origin has more than one without.</summary>
    public const int Words = 2;

    /// <summary>Reads the origin of a pane.</summary>
    public static unsafe PaneOrigin Of(in EventView panes, int index)
    {
        var words = panes.FurtherMeasures + ((long)(index + 1) * panes.FurtherMeasureCount) - Words;
        return new PaneOrigin(words[0], panes.Slots[index].TimestampTicks + 1, (int)words[1]);
    }
}
