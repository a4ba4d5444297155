namespace DisruptorStream.LoadTests.Measuring;

/// <summary>What one run measured.</summary>
internal sealed record RunOutcome
{
    public required TimeSpan Elapsed { get; init; }

    public required long Events { get; init; }

    public required long Panes { get; init; }

    public required long AllocatedBytes { get; init; }

    public required int Collections { get; init; }

    /// <summary>Events dropped for being late, and panes that were not on time.</summary>
    public required long Late { get; init; }

    /// <summary>Events that no result and no counter tells of. Anything but 0 is a fault of the engine.</summary>
    public required long Unaccounted { get; init; }

    public double MillionPerSecond => Events / Elapsed.TotalSeconds / 1e6;
}
