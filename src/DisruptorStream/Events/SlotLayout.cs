namespace DisruptorStream.Events;

/// <summary>
/// Where the words of an event lie. Key and measure number 0 are in its slot; beside it lie the further measures, the
/// further key ids, two in a word, and the bits of the filters.
/// </summary>
/// <param name="Measures">How many measures there are.</param>
/// <param name="Keys">How many keys there are.</param>
/// <param name="Filters">How many filters there are.</param>
internal readonly record struct SlotLayout(int Measures, int Keys, int Filters)
{
    /// <summary>The most keys of an event, composite ones included.</summary>
    public const int MostKeys = 8;

    /// <summary>The most filters.</summary>
    public const int MostFilters = 64;

    /// <summary>The words beside the slot.</summary>
    public int FurtherWords => FilterWord + (Filters > 0 ? 1 : 0);

    /// <summary>The first word of the further key ids.</summary>
    public int KeyWord => Math.Max(0, Measures - 1);

    /// <summary>The id of a key of an event; below 0 where the event has none of that name.</summary>
    public unsafe int KeyOf(in EventView events, int index, int column)
    {
        if (column == 0)
            return events.Slots[index].KeyId;
        var words = events.FurtherMeasures + ((long)index * events.FurtherMeasureCount) + KeyWord;
        return ((int*)words)[column - 1];
    }

    /// <summary>Sets the id of a key of an event.</summary>
    public unsafe void SetKey(in EventView events, int index, int column, int id)
    {
        if (column == 0)
        {
            events.Slots[index].KeyId = id;
            return;
        }

        var words = events.FurtherMeasures + ((long)index * events.FurtherMeasureCount) + KeyWord;
        ((int*)words)[column - 1] = id;
    }

    /// <summary>The word of the filters: the last one, where there are any.</summary>
    public int FilterWord => KeyWord + (Keys / 2);
}
