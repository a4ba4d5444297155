using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts.Marked;

/// <summary>
/// How fast events whose reading is generated must be beside a user's own dictionary in the same turns.
/// </summary>
/// <remarks>Well below what was measured on a machine that others use as well.</remarks>
internal static class MarkedLimit
{
    private const int Events = 1_000_000;
    private const int WarmUps = 4;
    private const int Runs = 9;

    // Batches Inline and Fused, singles Inline and Fused.
    private static readonly double[] TextsAtLeast = [0.5, 0.3, 0.1, 0.1];

    // Batches Inline and Fused.
    private static readonly double[] NumbersAtLeast = [0.25, 0.2];

    public static void Check(Checklist checks)
    {
        var texts = MarkedRuns.Texts(Events) with { Others = [] };
        texts.CheckBest(WarmUps, Runs, TextsAtLeast, checks);
        var numbers = MarkedRuns.Numbers(Events) with { Others = [] };
        numbers.CheckBest(WarmUps, Runs, NumbersAtLeast, checks);
    }
}
