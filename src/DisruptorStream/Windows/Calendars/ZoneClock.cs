namespace DisruptorStream.Windows.Calendars;

/// <summary>What the clock on the wall shows in a time zone, and when it first shows that.</summary>
/// <remarks>
/// All times are ticks since the Unix epoch, local ones as if the wall were in UTC. The platform is asked for its
/// offset every half hour of a stretch of some 41 days, once, so that whatever rules a zone has had are followed; no
/// zone changes twice within half an hour. Several threads may ask one clock.
/// </remarks>
internal sealed class ZoneClock
{
    /// <summary>The first moment of year 1, in UTC.</summary>
    public const long EarliestTicks = -621_355_968_000_000_000L;

    /// <summary>The last moment of year 9999, in UTC.</summary>
    public const long LatestTicks = 3_155_378_975_999_999_999L + EarliestTicks;

    // No zone is further from UTC than 14 hours; some that were are taken as a day off from that.
    private const long MostOffsetTicks = 24 * TimeSpan.TicksPerHour;
    private const long StepTicks = TimeSpan.TicksPerHour / 2;
    private const int StretchBits = 45;
    private const int KnownStretches = 16;

    private readonly TimeZoneInfo _zone;
    private readonly ZoneStretch?[] _known = new ZoneStretch?[KnownStretches];

    public ZoneClock(TimeZoneInfo zone) => _zone = zone;

    /// <summary>The time on the wall.</summary>
    /// <param name="ticks">In the years 1 to 9999, UTC.</param>
    public long LocalAt(long ticks)
    {
        var stretch = StretchOf(ticks >> StretchBits);
        var place = stretch.Offsets.Length - 1;
        while (place > 0 && stretch.Starts[place] > ticks)
            place--;
        return ticks + stretch.Offsets[place];
    }

    /// <summary>The earliest instant at which the wall shows this time or a later one.</summary>
    /// <returns>False where it is not within the years 1 to 9999, UTC.</returns>
    public bool TryFirstReach(long localTicks, out long ticks)
    {
        ticks = 0;
        if (localTicks < EarliestTicks - MostOffsetTicks || localTicks > LatestTicks + MostOffsetTicks)
            return false;
        var from = Math.Max(EarliestTicks, localTicks - MostOffsetTicks);
        var until = Math.Min(LatestTicks, localTicks + MostOffsetTicks);
        for (var index = from >> StretchBits; index <= until >> StretchBits; index++)
        {
            if (!StretchOf(index).TryFirstReach(localTicks, from, out ticks))
                continue;

            // At the first moment there is, a later time was reached at a moment that cannot be expressed.
            return ticks > EarliestTicks || LocalAt(ticks) == localTicks;
        }

        return false;
    }

    private ZoneStretch StretchOf(long index)
    {
        ref var known = ref _known[index & (KnownStretches - 1)];
        var stretch = Volatile.Read(ref known); // Pairs with the write below.
        if (stretch is null || stretch.Index != index)
        {
            stretch = Survey(index);
            Volatile.Write(ref known, stretch); // Pairs with the read above.
        }

        return stretch;
    }

    private ZoneStretch Survey(long index)
    {
        var from = Math.Max(EarliestTicks, index << StretchBits);
        var end = Math.Min(LatestTicks + 1, (index + 1) << StretchBits);
        List<long> starts = [from];
        List<long> offsets = [OffsetAt(from)];
        for (var at = from; at < end - 1;)
        {
            var next = Math.Min(at + StepTicks, end - 1);
            if (OffsetAt(next) is var offset && offset != offsets[^1])
            {
                starts.Add(FirstWith(offset, at, next));
                offsets.Add(offset);
            }

            at = next;
        }

        return new ZoneStretch(index, [.. starts], [.. offsets], end);
    }

    /// <summary>The first moment after one of them, and up to the other, at which the offset holds.</summary>
    private long FirstWith(long offset, long before, long at)
    {
        while (at - before > 1)
        {
            var middle = before + ((at - before) / 2);
            if (OffsetAt(middle) == offset)
                at = middle;
            else
                before = middle;
        }

        return at;
    }

    private long OffsetAt(long ticks) =>
        _zone.GetUtcOffset(new DateTime(ticks - EarliestTicks, DateTimeKind.Utc)).Ticks;
}
