using DisruptorStream.Identities;

namespace DisruptorStream.Aggregation;

/// <summary>A measure of the events: its name, its place in the slot and how to read it.</summary>
internal sealed record MeasureDefinition(string Name, int Index, MeasureType Type)
{
    /// <summary>The table that gives texts the numbers of the measure; null where the host keeps them itself.</summary>
    public SymbolTable? Symbols { get; init; }

    /// <summary>Writes name and type.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add(Name);
        writer.Add((long)Type);
    }
}
