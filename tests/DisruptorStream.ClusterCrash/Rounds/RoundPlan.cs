namespace DisruptorStream.ClusterCrash.Rounds;

/// <summary>What is run.</summary>
internal sealed record RoundPlan
{
    /// <summary>"nats" or "postgresql".</summary>
    public required string Kind { get; init; }

    public required int Rounds { get; init; }

    public required int Seed { get; init; }

    /// <summary>How many events a round has.</summary>
    public required int Events { get; init; }

    /// <summary>Over which time they are written.</summary>
    public required TimeSpan Load { get; init; }

    public required IReadOnlyList<Fault> Ways { get; init; }
}
