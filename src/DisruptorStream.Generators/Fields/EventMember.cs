using System;

namespace DisruptorStream.Generators.Fields;

/// <summary>A measure or a key of an event.</summary>
internal sealed class EventMember : IEquatable<EventMember>
{
    public EventMember(string label, string type, string expression, bool isReference)
    {
        Label = label;
        Type = type;
        Expression = expression;
        IsReference = isReference;
    }

    /// <summary>Its name for aggregates and queries.</summary>
    public string Label { get; }

    /// <summary>The type of the key, with its namespace; of a measure, the name of its kind.</summary>
    public string Type { get; }

    /// <summary>Reads it of an event that is called 'one'; a measure as its 64 bits.</summary>
    public string Expression { get; }

    /// <summary>Whether it may be null.</summary>
    public bool IsReference { get; }

    public bool Equals(EventMember? other) =>
        other is not null
        && (Label, Type, Expression, IsReference).Equals(
            (other.Label, other.Type, other.Expression, other.IsReference));

    public override bool Equals(object? obj) => Equals(obj as EventMember);

    public override int GetHashCode() => (Label, Expression).GetHashCode();
}
