namespace DisruptorStream.Durability.Plans;

/// <summary>What becomes of one part of a plan.</summary>
public sealed record PlanPart
{
    internal PlanPart(PlanPartKind kind, string? query, string name, PlanOutcome outcome, string reason)
    {
        Kind = kind;
        Query = query;
        Name = name;
        Outcome = outcome;
        Reason = reason;
    }

    /// <summary>What it is.</summary>
    public PlanPartKind Kind { get; }

    /// <summary>The query whose metric it is; null for other parts.</summary>
    public string? Query { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What becomes of it.</summary>
    public PlanOutcome Outcome { get; }

    /// <summary>
    /// Why, or what to know of it, as a sentence without its end; empty where there is nothing to say.
    /// </summary>
    public string Reason { get; }

    /// <summary>In one line.</summary>
    public override string ToString()
    {
        var name = Query is null ? $"{Kind.ToString().ToLowerInvariant()} '{Name}'" : $"metric '{Query}/{Name}'";
        var outcome = Outcome switch
        {
            PlanOutcome.Kept => "kept",
            PlanOutcome.StartedEmpty => "started empty",
            PlanOutcome.Dropped => "dropped",
            _ => "impossible",
        };
        return Reason.Length == 0 ? $"{name}: {outcome}" : $"{name}: {outcome}: {Reason}";
    }
}
