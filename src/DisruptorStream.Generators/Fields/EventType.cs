using System;
using System.Collections.Immutable;
using System.Linq;

namespace DisruptorStream.Generators.Fields;

/// <summary>
/// All that is needed of a type to read events of it. Equal for equal types, so that nothing is written twice.
/// </summary>
internal sealed class EventType : IEquatable<EventType>
{
    public EventType(
        string space,
        ImmutableArray<string> declarations,
        string name,
        bool canThrow,
        string time,
        ImmutableArray<EventMember> measures,
        ImmutableArray<EventMember> keys)
    {
        Space = space;
        Declarations = declarations;
        Name = name;
        CanThrow = canThrow;
        Time = time;
        Measures = measures;
        Keys = keys;
    }

    /// <summary>The namespace; empty for the global one.</summary>
    public string Space { get; }

    /// <summary>The beginnings of the declarations of the type and those around it, the outermost first.</summary>
    public ImmutableArray<string> Declarations { get; }

    /// <summary>The type with its namespace.</summary>
    public string Name { get; }

    /// <summary>Whether reading an event may throw: it runs code of the user, or an event may be null.</summary>
    public bool CanThrow { get; }

    /// <summary>Reads the time of an event that is called 'one', in ticks.</summary>
    public string Time { get; }

    public ImmutableArray<EventMember> Measures { get; }

    public ImmutableArray<EventMember> Keys { get; }

    public bool Equals(EventType? other) =>
        other is not null
        && (Space, Name, CanThrow, Time).Equals((other.Space, other.Name, other.CanThrow, other.Time))
        && Declarations.SequenceEqual(other.Declarations)
        && Measures.SequenceEqual(other.Measures)
        && Keys.SequenceEqual(other.Keys);

    public override bool Equals(object? obj) => Equals(obj as EventType);

    public override int GetHashCode() => (Space, Name).GetHashCode();
}
