namespace DisruptorStream.LoadTests.Contention;

/// <summary>What a load did.</summary>
internal sealed record LoadOutcome
{
    /// <summary>Of all processors of the host together.</summary>
    public required double MillionPerSecond { get; init; }

    /// <summary>Events that no result and no counter tells of.</summary>
    public required long Unaccounted { get; init; }

    /// <summary>How many processors of the machine the engine thinks it may use.</summary>
    public required int Budget { get; init; }
}
