namespace DisruptorStream.Durability.Plans;

/// <summary>An option that shapes results and has changed. State does not depend on it.</summary>
public sealed record PlanOptionChange
{
    internal PlanOptionChange(string? query, string name, string before, string now)
    {
        Query = query;
        Name = name;
        Before = before;
        Now = now;
    }

    /// <summary>The query that has it; null where it is that of all.</summary>
    public string? Query { get; }

    /// <summary>The option, such as "AllowedLateness", or "metric p95" for the way in which a metric is read.</summary>
    public string Name { get; }

    /// <summary>What it was; "none" where it was not set.</summary>
    public string Before { get; }

    /// <summary>What it is now.</summary>
    public string Now { get; }

    /// <summary>In one line.</summary>
    public override string ToString() =>
        $"{(Query is null ? "" : $"query '{Query}': ")}{Name} was {Before}, and is {Now}";
}
