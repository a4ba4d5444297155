namespace DisruptorStream.Windows.Calendars;

/// <summary>A stretch of time, and what a zone is ahead of UTC in it.</summary>
/// <param name="Index">Which stretch.</param>
/// <param name="Starts">Where each offset begins to hold, the first at the beginning of the stretch.</param>
/// <param name="Offsets">The offsets, in ticks.</param>
/// <param name="EndTicks">The end of the stretch.</param>
internal sealed record ZoneStretch(long Index, long[] Starts, long[] Offsets, long EndTicks)
{
    /// <summary>The earliest instant, not before one, at which the wall shows a time or a later one.</summary>
    /// <returns>False where it never does so here.</returns>
    public bool TryFirstReach(long localTicks, long fromTicks, out long ticks)
    {
        for (var place = 0; place < Starts.Length; place++)
        {
            ticks = Math.Max(Math.Max(Starts[place], fromTicks), localTicks - Offsets[place]);
            if (ticks < (place + 1 < Starts.Length ? Starts[place + 1] : EndTicks))
                return true;
        }

        ticks = 0;
        return false;
    }
}
