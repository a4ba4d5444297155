using System;
using System.Collections.Immutable;
using System.Linq;

namespace DisruptorStream.Generators.Rows;

/// <summary>
/// All that is needed of a type to fill it from results. Equal for equal types, so that nothing is written twice.
/// </summary>
internal sealed class RowType : IEquatable<RowType>
{
    public RowType(
        string space,
        ImmutableArray<string> declarations,
        string name,
        string key,
        ImmutableArray<string> keyNames,
        ImmutableArray<int> arguments,
        ImmutableArray<RowMember> members)
    {
        Space = space;
        Declarations = declarations;
        Name = name;
        Key = key;
        KeyNames = keyNames;
        Arguments = arguments;
        Members = members;
    }

    /// <summary>The namespace; empty for the global one.</summary>
    public string Space { get; }

    /// <summary>The beginnings of the declarations of the type and those around it, the outermost first.</summary>
    public ImmutableArray<string> Declarations { get; }

    /// <summary>The type with its namespace.</summary>
    public string Name { get; }

    /// <summary>The type of the key.</summary>
    public string Key { get; }

    /// <summary>The names that the parts of the key must have; none where any will do.</summary>
    public ImmutableArray<string> KeyNames { get; }

    /// <summary>Which member each parameter of the constructor sets: its place among the members.</summary>
    public ImmutableArray<int> Arguments { get; }

    public ImmutableArray<RowMember> Members { get; }

    public bool Equals(RowType? other) =>
        other is not null
        && (Space, Name, Key).Equals((other.Space, other.Name, other.Key))
        && Declarations.SequenceEqual(other.Declarations)
        && KeyNames.SequenceEqual(other.KeyNames)
        && Arguments.SequenceEqual(other.Arguments)
        && Members.SequenceEqual(other.Members);

    public override bool Equals(object? obj) => Equals(obj as RowType);

    public override int GetHashCode() => (Space, Name).GetHashCode();
}
