namespace DisruptorStream.Durability.Plans;

/// <summary>What a part of a plan is.</summary>
public enum PlanPartKind
{
    /// <summary>The input as a whole.</summary>
    Input = 0,

    /// <summary>A key of the events, or keys that are put together.</summary>
    Key = 1,

    /// <summary>A measure of the events.</summary>
    Measure = 2,

    /// <summary>A query.</summary>
    Query = 3,

    /// <summary>A metric of a query.</summary>
    Metric = 4,
}
