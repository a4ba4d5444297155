namespace DisruptorStream.LoadTests.Pairs;

/// <summary>What the bounds of the ratio of times tell.</summary>
internal enum PairVerdict
{
    /// <summary>Both bounds are below 1.</summary>
    Faster,

    /// <summary>Both are at most the limit.</summary>
    Within,

    /// <summary>The limit is between them: more pairs, or a quieter machine, would tell.</summary>
    Unclear,

    /// <summary>Both are above the limit.</summary>
    Slower,
}
