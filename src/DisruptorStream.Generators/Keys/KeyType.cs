using System;
using System.Collections.Immutable;
using System.Linq;

namespace DisruptorStream.Generators.Keys;

/// <summary>
/// All that is needed of a type to write its codec. Equal for equal types, so that nothing is written twice.
/// </summary>
internal sealed class KeyType : IEquatable<KeyType>
{
    public KeyType(
        string space,
        ImmutableArray<string> declarations,
        string name,
        bool isReference,
        ImmutableArray<int> arguments,
        ImmutableArray<KeyMember> members)
    {
        Space = space;
        Declarations = declarations;
        Name = name;
        IsReference = isReference;
        Arguments = arguments;
        Members = members;
    }

    /// <summary>The namespace; empty for the global one.</summary>
    public string Space { get; }

    /// <summary>The beginnings of the declarations of the type and those around it, the outermost first.</summary>
    public ImmutableArray<string> Declarations { get; }

    /// <summary>The type with its namespace.</summary>
    public string Name { get; }

    public bool IsReference { get; }

    /// <summary>Which member each parameter of the constructor sets: its place among the members.</summary>
    public ImmutableArray<int> Arguments { get; }

    /// <summary>All members, in the order in which they are declared and written.</summary>
    public ImmutableArray<KeyMember> Members { get; }

    public bool Equals(KeyType? other) =>
        other is not null
        && (Space, Name, IsReference).Equals((other.Space, other.Name, other.IsReference))
        && Declarations.SequenceEqual(other.Declarations)
        && Arguments.SequenceEqual(other.Arguments)
        && Members.SequenceEqual(other.Members);

    public override bool Equals(object? obj) => Equals(obj as KeyType);

    public override int GetHashCode() => (Space, Name).GetHashCode();
}
