using DisruptorStream.Identities;

namespace DisruptorStream.Aggregation;

/// <summary>A measure of the events: its name, its place in the slot and how to read it.</summary>
internal sealed record MeasureDefinition(string Name, int Index, MeasureType Type)
{
    /// <summary>Writes name and type.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add(Name);
        writer.Add((long)Type);
    }
}
