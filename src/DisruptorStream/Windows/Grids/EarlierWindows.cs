using DisruptorStream.Identities;

namespace DisruptorStream.Windows.Grids;

/// <summary>A window for each slide in which a key has an event: the slide, and a time before it.</summary>
/// <param name="EarlierTicks">The time before: a multiple of the slide.</param>
/// <param name="SlideTicks">From 1 on; with the time before, at most <see cref="SliceGrid.MaxSizeTicks"/>.</param>
/// <param name="OffsetTicks">Where the slides begin, modulo the slide, counted from the Unix epoch.</param>
internal sealed record EarlierWindows(long EarlierTicks, long SlideTicks, long OffsetTicks) : GridWindows
{
    public override long UsualSliceTicks => SlideTicks;

    public override bool FollowNewest => true;

    public override SliceGrid NewGrid() =>
        new FixedGrid(new FixedWindows(EarlierTicks + SlideTicks, SlideTicks, OffsetTicks));

    public override string Describe() => $"each {Span(SlideTicks)} with the {Span(EarlierTicks)} before it";

    public override void Identify(IdentityWriter writer)
    {
        writer.Add("earlier");
        writer.Add(EarlierTicks);
        writer.Add(SlideTicks);
        writer.Add(TickMath.FloorMod(OffsetTicks, SlideTicks));
    }
}
