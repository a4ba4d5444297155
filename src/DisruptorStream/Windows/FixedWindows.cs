using DisruptorStream.Identities;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Windows;

/// <summary>Windows of one size, one every slide: tumbling where both are the same.</summary>
/// <param name="SizeTicks">1 to <see cref="SliceGrid.MaxSizeTicks"/>.</param>
/// <param name="SlideTicks">As the size.</param>
/// <param name="OffsetTicks">Where they begin, modulo the slide, counted from the Unix epoch.</param>
internal sealed record FixedWindows(long SizeTicks, long SlideTicks, long OffsetTicks = 0) : GridWindows
{
    public bool IsTumbling => SizeTicks == SlideTicks;

    public static FixedWindows Tumbling(long sizeTicks, long offsetTicks = 0) => new(sizeTicks, sizeTicks, offsetTicks);

    public override long UsualSliceTicks => PeriodTicks;

    private bool IsPaired => SizeTicks % SlideTicks != 0;

    // Two slices for each slide that are of one length are as good as one for each half of it.
    private bool IsHalved => SlideTicks % 2 == 0 && SizeTicks % SlideTicks == SlideTicks / 2;

    /// <summary>After how long the edges of the slices come again.</summary>
    private long PeriodTicks => IsHalved ? SlideTicks / 2 : SlideTicks;

    /// <summary>Where the second slice of a slide begins, where there are two.</summary>
    private long SecondEdgeTicks => TickMath.FloorMod(OffsetTicks, SlideTicks) + (SizeTicks % SlideTicks);

    public override SliceGrid NewGrid() => new FixedGrid(this);

    public override bool NestsIn(GridWindows coarser)
    {
        if (SlideTicks > SizeTicks)
            return false;
        return coarser switch
        {
            FixedWindows windows => windows.PeriodTicks % PeriodTicks == 0
                && HasEdge(windows.OffsetTicks)
                && (!windows.IsPaired || HasEdge(windows.SecondEdgeTicks)),

            // Whatever the zone, the edges of a calendar are whole minutes.
            CalendarWindows => TimeSpan.TicksPerMinute % PeriodTicks == 0 && HasEdge(0),
            _ => false,
        };
    }

    public override bool Meets(GridWindows other) =>
        other is FixedWindows windows && SizeTicks == windows.SizeTicks
        && ((Int128)OffsetTicks - windows.OffsetTicks) % TickMath.GreatestDivisor(SlideTicks, windows.SlideTicks) == 0;

    /// <summary>Whether a slice begins at a time, and so at all that are a number of periods away from it.</summary>
    private bool HasEdge(long ticks)
    {
        var offset = TickMath.FloorMod(ticks, PeriodTicks);
        return offset == TickMath.FloorMod(OffsetTicks, PeriodTicks)
            || (IsPaired && offset == TickMath.FloorMod(SecondEdgeTicks, PeriodTicks));
    }

    public override string Describe() =>
        IsTumbling ? $"tumbling {Span(SizeTicks)}" : $"sliding {Span(SizeTicks)} every {Span(SlideTicks)}";

    public override void Identify(IdentityWriter writer)
    {
        writer.Add("fixed");
        writer.Add(SizeTicks);
        writer.Add(SlideTicks);
        writer.Add(TickMath.FloorMod(OffsetTicks, SlideTicks));
    }
}
