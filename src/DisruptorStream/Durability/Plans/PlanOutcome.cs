namespace DisruptorStream.Durability.Plans;

/// <summary>What becomes of a part of a plan when a processor starts in a directory.</summary>
public enum PlanOutcome
{
    /// <summary>Its state goes on where it was.</summary>
    Kept = 0,

    /// <summary>It is new, and begins without state.</summary>
    StartedEmpty = 1,

    /// <summary>It is no longer there, and its state is given up.</summary>
    Dropped = 2,

    /// <summary>It has the name of something else: the processor cannot start here.</summary>
    Impossible = 3,
}
