namespace DisruptorStream.Emission.Ranking;

/// <summary>The panes of a window that are ranked among each other.</summary>
/// <remarks>The best of them are a heap with the worst of these at its root, which is the first one to leave.</remarks>
internal sealed class TopGroup
{
    private int[] _best = new int[4];

    /// <summary>What its keys have in common; 0 where the window is one group.</summary>
    public UInt128 Key { get; private set; }

    /// <summary>The row that came last, from which the others are linked; -1 for none.</summary>
    public int First { get; set; }

    /// <summary>All its rows.</summary>
    public int RowCount { get; set; }

    /// <summary>How many of them are the best.</summary>
    public int Count { get; private set; }

    /// <summary>How many lists were made of it.</summary>
    public int Lists { get; set; }

    /// <summary>Whether a list is to be made of it.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Whether a late pane asks for the list.</summary>
    public bool IsLate { get; set; }

    /// <summary>Whether no list follows.</summary>
    public bool IsLast { get; set; }

    /// <summary>The best rows, in the order of a heap.</summary>
    public Span<int> Best => _best.AsSpan(0, Count);

    /// <summary>Begins anew.</summary>
    public void Reset(UInt128 key)
    {
        Key = key;
        First = -1;
        RowCount = Count = Lists = 0;
        IsTouched = IsLate = IsLast = false;
    }

    /// <summary>Offers a row that is not among the best.</summary>
    /// <param name="rows">All rows of the window.</param>
    /// <param name="row">The row.</param>
    /// <param name="most">How many may be the best.</param>
    public void Offer(TopRow[] rows, int row, int most)
    {
        rows[row].Place = TopRow.Outside;
        if (Count < most)
        {
            if (Count == _best.Length)
                Array.Resize(ref _best, Count * 2);
            SiftUp(rows, row, Count++);
        }
        else if (TopRow.IsBetter(rows[row], rows[_best[0]]))
        {
            rows[_best[0]].Place = TopRow.Outside;
            SiftDown(rows, row, 0);
        }
    }

    /// <summary>A row has another value than before.</summary>
    /// <param name="rows">All rows of the window.</param>
    /// <param name="row">The row.</param>
    /// <param name="before">What it was.</param>
    /// <param name="most">How many may be the best.</param>
    public void Change(TopRow[] rows, int row, in TopRow before, int most)
    {
        var place = rows[row].Place;
        if (place == TopRow.Outside)
            Offer(rows, row, most);
        else if (!TopRow.IsBetter(before, rows[row]))
            SiftDown(rows, row, place);
        else if (RowCount == Count)
            SiftUp(rows, row, place);
        else
            Rebuild(rows, most);
    }

    /// <summary>The root, where it is to give its place to a row that was put in its stead.</summary>
    public void SinkRoot(TopRow[] rows) => SiftDown(rows, _best[0], 0);

    /// <summary>The worst of the best.</summary>
    public int Worst => _best[0];

    // A row that fell behind may have been overtaken by any of those outside.
    private void Rebuild(TopRow[] rows, int most)
    {
        Count = 0;
        for (var row = First; row >= 0; row = rows[row].Next)
            Offer(rows, row, most);
    }

    private void SiftUp(TopRow[] rows, int row, int place)
    {
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!TopRow.IsBetter(rows[_best[parent]], rows[row]))
                break;
            Put(rows, _best[parent], place);
            place = parent;
        }

        Put(rows, row, place);
    }

    private void SiftDown(TopRow[] rows, int row, int place)
    {
        while (true)
        {
            var child = (place * 2) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && TopRow.IsBetter(rows[_best[child]], rows[_best[child + 1]]))
                child++;
            if (!TopRow.IsBetter(rows[row], rows[_best[child]]))
                break;
            Put(rows, _best[child], place);
            place = child;
        }

        Put(rows, row, place);
    }

    private void Put(TopRow[] rows, int row, int place)
    {
        _best[place] = row;
        rows[row].Place = place;
    }
}
