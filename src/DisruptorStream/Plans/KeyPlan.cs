using DisruptorStream.Identities;

namespace DisruptorStream.Plans;

/// <summary>One of the keys that an event has.</summary>
internal sealed record KeyPlan
{
    /// <summary>The user's name of it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the name is the user's, and not that of the only key of a processor.</summary>
    public bool IsNamed { get; init; } = true;

    /// <summary>The type of the keys.</summary>
    public required Type KeyType { get; init; }

    /// <summary>Keys at a time.</summary>
    public required int MaxKeys { get; init; }

    /// <summary>The columns of its parts, where it is made of others; empty where it is read from the event.</summary>
    public IReadOnlyList<int> Parts { get; init; } = [];

    /// <summary>Writes what ids depend on.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add(Name);
        writer.Add(KeyType);
        writer.BeginList(Parts.Count);
        foreach (var part in Parts)
            writer.Add(part);
    }
}
