using System;

namespace DisruptorStream.Generators.Keys;

/// <summary>A field or property that makes a key what it is.</summary>
internal sealed class KeyMember : IEquatable<KeyMember>
{
    public KeyMember(string name, string type, string parameter)
    {
        Name = name;
        Type = type;
        Parameter = parameter;
    }

    /// <summary>Its name, escaped where it is a word of the language.</summary>
    public string Name { get; }

    /// <summary>Its type, with namespaces and without the marks of nullable references.</summary>
    public string Type { get; }

    /// <summary>The parameter of the constructor that sets it; empty where it is set behind that.</summary>
    public string Parameter { get; }

    public bool Equals(KeyMember? other) =>
        other is not null && (Name, Type, Parameter).Equals((other.Name, other.Type, other.Parameter));

    public override bool Equals(object? obj) => Equals(obj as KeyMember);

    public override int GetHashCode() => (Name, Type, Parameter).GetHashCode();
}
