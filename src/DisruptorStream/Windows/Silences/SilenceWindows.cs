using DisruptorStream.Identities;

namespace DisruptorStream.Windows.Silences;

/// <summary>Where a key has no event for some time: a pane when that is known, and one when it is over.</summary>
/// <param name="AfterTicks">How long it takes: 1 to <see cref="SliceGrid.MaxSizeTicks"/>.</param>
/// <param name="KeptTicks">
/// How long after its newest event the end is waited for: at least <paramref name="AfterTicks"/>.
/// </param>
internal sealed record SilenceWindows(long AfterTicks, long KeptTicks) : WindowDefinition
{
    private const int UsualRatio = 10;

    /// <summary>A day, or ten times as long as it takes if that is longer.</summary>
    public static long UsuallyKept(long afterTicks) => Math.Max(
        Math.Max(TimeSpan.TicksPerDay, afterTicks),
        Math.Min(SliceGrid.MaxSizeTicks / UsualRatio, afterTicks) * UsualRatio);

    public override string Describe() => $"silence after {Span(AfterTicks)}, known for {Span(KeptTicks)}";

    public override void Identify(IdentityWriter writer)
    {
        writer.Add("silence");
        writer.Add(AfterTicks);
        writer.Add(KeptTicks);
    }
}
