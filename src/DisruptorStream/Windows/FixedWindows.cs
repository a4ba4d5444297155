using DisruptorStream.Identities;
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

    public override SliceGrid NewGrid() => new FixedGrid(this);

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
