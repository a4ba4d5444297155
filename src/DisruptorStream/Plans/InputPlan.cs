using DisruptorStream.Identities;
using DisruptorStream.Ingest;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Plans;

/// <summary>One type of event: what it carries, what is refused, and how its time advances.</summary>
internal sealed record InputPlan
{
    /// <summary>What publishing decides by; the measures are among it.</summary>
    public required PublishRules Rules { get; init; }

    /// <summary>The type of the keys.</summary>
    public required Type KeyType { get; init; }

    /// <summary>Keys at a time.</summary>
    public required int MaxKeys { get; init; }

    /// <summary>
    /// What is subtracted from the largest timestamp to get a source's watermark; -1 when events move none.
    /// </summary>
    public required long MaxOutOfOrdernessTicks { get; init; }

    /// <summary>Time without a sign of life after which a source is idle; -1 for never.</summary>
    public required long IdleTimeoutTicks { get; init; }

    /// <summary>Time without any activity after which event time goes on with the clock; -1 for never.</summary>
    public required long QuietAfterTicks { get; init; }

    /// <summary>When a timestamp is held for a jump; null for never.</summary>
    public required JumpGuardOptions? JumpGuard { get; init; }

    /// <summary>Whether windows go by the clock.</summary>
    public bool ProcessingTime => Rules.ProcessingTime;

    /// <summary>Writes what slots and keys depend on.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add(KeyType);
        writer.Add(ProcessingTime);
        writer.BeginList(Rules.Measures.Count);
        foreach (var measure in Rules.Measures)
            measure.Identify(writer);
    }
}
