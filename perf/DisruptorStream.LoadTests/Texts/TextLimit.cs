using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>How fast text keys must be beside a user's own dictionary in the same turns.</summary>
/// <remarks>About half of what was measured, as the dictionary needs no second core and little memory.</remarks>
internal static class TextLimit
{
    private const int Events = 1_000_000;
    private const int WarmUps = 4;
    private const int Runs = 9;

    // Batches Inline and Fused, singles Inline and Fused.
    private static readonly double[] AtLeast = [0.5, 0.3, 0.1, 0.1];

    public static void Check(Checklist checks) =>
        TextRuns.Known(Events, areFresh: false).CheckBest(WarmUps, Runs, AtLeast, checks);
}
