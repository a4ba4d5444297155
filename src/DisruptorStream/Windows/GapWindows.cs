using DisruptorStream.Identities;

namespace DisruptorStream.Windows;

/// <summary>Sessions: a window lasts as long as events of the key keep coming within the gap.</summary>
/// <param name="GapTicks">1 to <see cref="SliceGrid.MaxSizeTicks"/>.</param>
internal sealed record GapWindows(long GapTicks) : WindowDefinition
{
    public override string Describe() => $"session with a gap of {Span(GapTicks)}";

    public override void Identify(IdentityWriter writer)
    {
        writer.Add("session");
        writer.Add(GapTicks);
    }
}
