using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Source;

/// <summary>How a value of a type is made from the values of its members.</summary>
internal sealed class MadeType
{
    private readonly IMethodSymbol? _constructor;

    public MadeType(INamedTypeSymbol type)
    {
        Members = StateOf(type);
        _constructor = type.InstanceConstructors
            .Where(one => one.Parameters.All(parameter => Members.Exists(member => Sets(parameter, member))))
            .OrderByDescending(one => one.Parameters.Length)
            .FirstOrDefault();
    }

    /// <summary>The members that hold state: fields, and properties with a field behind them.</summary>
    public List<(ISymbol Member, ITypeSymbol Type)> Members { get; }

    /// <summary>Which member each parameter of the constructor sets: its place among the members.</summary>
    public ImmutableArray<int> Arguments => _constructor is null
        ? []
        : _constructor.Parameters
            .Select(parameter => Members.FindIndex(member => Sets(parameter, member)))
            .ToImmutableArray();

    public static List<(ISymbol Member, ITypeSymbol Type)> StateOf(INamedTypeSymbol type)
    {
        var members = new List<(ISymbol, ITypeSymbol)>();
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (!field.IsStatic && !field.IsConst)
                members.Add((field.AssociatedSymbol ?? field, field.Type));
        }

        return members;
    }

    /// <summary>The parameter of the constructor that sets a member; null for none.</summary>
    public IParameterSymbol? ParameterOf((ISymbol Member, ITypeSymbol Type) one) =>
        _constructor?.Parameters.FirstOrDefault(parameter => Sets(parameter, one));

    /// <summary>Whether a member can be set at all.</summary>
    public bool CanSet((ISymbol Member, ITypeSymbol Type) one) => ParameterOf(one) is not null
        || one.Member is IFieldSymbol { IsReadOnly: false } or IPropertySymbol { SetMethod: not null };

    /// <summary>
    /// Whether a member is set behind the constructor: no parameter sets it, or it is required, and the constructor
    /// does not say that it sets them all.
    /// </summary>
    public bool IsSetBehind((ISymbol Member, ITypeSymbol Type) one) => ParameterOf(one) is null
        || (one.Member is IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true } && !SetsRequired());

    private bool SetsRequired() => _constructor is not null && _constructor.GetAttributes().Any(
        attribute => attribute.AttributeClass is { Name: "SetsRequiredMembersAttribute" });

    private static bool Sets(IParameterSymbol parameter, (ISymbol Member, ITypeSymbol Type) member) =>
        parameter.RefKind is RefKind.None or RefKind.In
        && string.Equals(parameter.Name, member.Member.Name.TrimStart('_'), StringComparison.OrdinalIgnoreCase)
        && SymbolEqualityComparer.Default.Equals(parameter.Type, member.Type);
}
