namespace DisruptorStream.Emission.Views;

/// <summary>Shows readers whole states of the newest panes, one after another, without a lock.</summary>
/// <remarks>
/// One table is shown; it is not written. The writer brings another one up to date, by what has changed since that one
/// was last shown, and shows it by one write. A reader counts itself into the table that is shown, looks whether it
/// still is, and counts itself out when it has copied what it wants; the writer takes a table that is not shown and has
/// nobody inside. So nobody ever waits: a reader tries again where another table was shown in between, and a writer who
/// finds no free table makes one more, up to a limit, or shows the state later. The pattern is read-copy-update
/// (McKenney and Slingwine, 1998) over whole copies that are brought up to date in turn, as in Left-Right (Ramalhete
/// and Correia, 2015), whose writer waits for readers, as this one does not.
/// </remarks>
internal sealed class LatestTables<TKey>
    where TKey : notnull
{
    private const int MostTables = 8;

    private readonly LatestRows<TKey> _rows;
    private readonly List<LatestTable<TKey>> _tables = [];
    private LatestTable<TKey> _shown;

    /// <param name="rows">What is shown.</param>
    /// <param name="sequence">As of when.</param>
    public LatestTables(LatestRows<TKey> rows, long sequence)
    {
        _rows = rows;
        _shown = AddTable();
        _shown.Update(rows);
        _shown.MoveTo(sequence, long.MinValue);
        AddTable();
    }

    /// <summary>The writer: shows the state as of now, unless readers are in every table.</summary>
    /// <param name="sequence">Through which slot it is whole.</param>
    /// <param name="watermarkTicks">Through which watermark.</param>
    /// <returns>Whether it is shown.</returns>
    public bool TryShow(long sequence, long watermarkTicks)
    {
        if (!_rows.HasChanged)
        {
            _shown.MoveTo(sequence, watermarkTicks);
            return true;
        }

        if (FindFree() is not { } table)
            return false;
        table.Update(_rows);
        table.MoveTo(sequence, watermarkTicks);
        _rows.HasChanged = false;

        // Pairs with the second read in Enter: what is in the table is seen with it, and from here on no reader that
        // was not in the table before comes to stay there.
        Interlocked.Exchange(ref _shown, table);
        return true;
    }

    /// <summary>A reader: the newest state, which stays as it is until <see cref="Leave"/>.</summary>
    public LatestTable<TKey> Enter()
    {
        while (true)
        {
            var table = Volatile.Read(ref _shown);
            Interlocked.Increment(ref table.Readers);

            // Where it is shown now, it has not been written since the count above, which the writer looks at first.
            if (Volatile.Read(ref _shown) == table)
                return table;
            Leave(table);
        }
    }

    public static void Leave(LatestTable<TKey> table) => Interlocked.Decrement(ref table.Readers);

    private LatestTable<TKey>? FindFree()
    {
        foreach (var table in _tables)
        {
            // Pairs with the count in Enter.
            if (table != _shown && Volatile.Read(ref table.Readers) == 0)
                return table;
        }

        return _tables.Count < MostTables ? AddTable() : null;
    }

    private LatestTable<TKey> AddTable()
    {
        var table = new LatestTable<TKey>(_rows);
        _tables.Add(table);
        _rows.Follow(table.Changes);
        return table;
    }
}
