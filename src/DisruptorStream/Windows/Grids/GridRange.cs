namespace DisruptorStream.Windows.Grids;

/// <summary>The timestamps that a grid has windows for: all those between a first and a last one.</summary>
internal static class GridRange
{
    /// <summary>Every timestamp.</summary>
    public static (long First, long Last) All => (long.MinValue, long.MaxValue);

    /// <summary>The first and the last timestamp that <see cref="SliceGrid.TryLocate"/> finds a slice for.</summary>
    /// <remarks>Every grid has one for the Unix epoch.</remarks>
    public static (long First, long Last) Of(SliceGrid grid) =>
        (Outermost(grid, long.MinValue), Outermost(grid, long.MaxValue));

    /// <summary>What is in both of two ranges.</summary>
    public static (long First, long Last) Meet((long First, long Last) left, (long First, long Last) right) =>
        (Math.Max(left.First, right.First), Math.Min(left.Last, right.Last));

    private static long Outermost(SliceGrid grid, long end)
    {
        if (grid.TryLocate(end, out _))
            return end;
        var inside = 0L;
        var outside = (Int128)end;
        while (Int128.Abs(outside - inside) > 1)
        {
            var middle = (long)((outside + inside) / 2);
            if (grid.TryLocate(middle, out _))
                inside = middle;
            else
                outside = middle;
        }

        return inside;
    }
}
