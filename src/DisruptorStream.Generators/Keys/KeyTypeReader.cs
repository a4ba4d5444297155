using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DisruptorStream.Generators.Keys;

/// <summary>Reads from a marked type what its codec needs, or what is wrong with it.</summary>
internal sealed class KeyTypeReader
{
    private static readonly SymbolDisplayFormat FullName = SymbolDisplayFormat.FullyQualifiedFormat;

    private readonly INamedTypeSymbol _type;
    private readonly CancellationToken _cancellation;
    private readonly Location _location;
    private readonly List<Diagnostic> _problems = new();

    private KeyTypeReader(INamedTypeSymbol type, Location location, CancellationToken cancellation)
    {
        _type = type;
        _location = location;
        _cancellation = cancellation;
    }

    /// <summary>Reads a type. The problems are none exactly where there is a type.</summary>
    public static (KeyType? Type, ImmutableArray<Diagnostic> Problems) Read(
        INamedTypeSymbol type, Location location, CancellationToken cancellation)
    {
        var reader = new KeyTypeReader(type, location, cancellation);
        var found = reader.Read();
        return reader._problems.Count == 0 ? (found, []) : (null, reader._problems.ToImmutableArray());
    }

    private KeyType? Read()
    {
        CheckPartial();
        if (WhyUnsuitable() is { } reason)
            Report(KeyDiagnostics.Unsuitable, _type.Name, reason);
        if (_problems.Count > 0)
            return null;
        var members = StateOf(_type);
        foreach (var (member, type) in members)
        {
            if (!KeyMemberTypes.HasCodec(type))
                Report(KeyDiagnostics.NoCodec, member, _type.Name, member.Name, type.ToDisplayString());
        }

        var constructor = ChooseConstructor(members);
        var all = members.Select(one => ToMember(one, constructor)).ToImmutableArray();
        return new KeyType(
            _type.ContainingNamespace.IsGlobalNamespace ? "" : _type.ContainingNamespace.ToDisplayString(),
            DeclarationsOf(_type),
            _type.ToDisplayString(FullName),
            _type.IsReferenceType,
            ArgumentsOf(constructor, members),
            all);
    }

    private void CheckPartial()
    {
        for (var type = _type; type is not null; type = type.ContainingType)
        {
            var isPartial = type.DeclaringSyntaxReferences.Any(
                reference => reference.GetSyntax(_cancellation) is TypeDeclarationSyntax declaration
                    && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
            if (!isPartial)
            {
                Report(
                    KeyDiagnostics.NotPartial,
                    _type.Name,
                    SymbolEqualityComparer.Default.Equals(type, _type)
                        ? "it is not partial"
                        : $"the type '{type.Name}' around it is not partial");
            }
        }
    }

    private string? WhyUnsuitable()
    {
        for (var type = _type; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType)
                return "it is generic, or in a generic type";
        }

        if (_type.IsRefLikeType)
            return "it is a ref struct, which is no key";
        if (_type.IsAbstract)
            return "it is abstract";
        if (_type.IsReferenceType && _type.BaseType is { SpecialType: not SpecialType.System_Object })
            return "it derives from another type, whose members it does not know";
        if (_type.IsReferenceType && !_type.IsRecord && !OverridesEquals())
            return "its objects equal only themselves, so that what is read would never equal what was written";
        if (HoldsItself(_type, new HashSet<ISymbol>(SymbolEqualityComparer.Default)))
            return $"a part of it is a '{_type.Name}' again, so that its form would have no end";
        return StateOf(_type).Count == 0 ? "it has no members that could be written" : null;
    }

    private bool HoldsItself(INamedTypeSymbol type, HashSet<ISymbol> seen)
    {
        foreach (var (_, part) in StateOf(type))
        {
            foreach (var inner in KeyMemberTypes.TypesIn(part))
            {
                if (SymbolEqualityComparer.Default.Equals(inner, _type))
                    return true;
                if (seen.Add(inner) && HoldsItself(inner, seen))
                    return true;
            }
        }

        return false;
    }

    private bool OverridesEquals() => _type.GetMembers("Equals").OfType<IMethodSymbol>().Any(
        method => method.IsOverride && method.Parameters.Length == 1);

    /// <summary>The members that hold state: fields, and properties with a field behind them.</summary>
    private static List<(ISymbol Member, ITypeSymbol Type)> StateOf(INamedTypeSymbol type)
    {
        var members = new List<(ISymbol, ITypeSymbol)>();
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (!field.IsStatic && !field.IsConst)
                members.Add((field.AssociatedSymbol ?? field, field.Type));
        }

        return members;
    }

    /// <summary>The constructor with the most parameters, all of which are members by name and type.</summary>
    private IMethodSymbol? ChooseConstructor(List<(ISymbol Member, ITypeSymbol Type)> members) =>
        _type.InstanceConstructors
            .Where(one => one.Parameters.All(parameter => members.Exists(member => Sets(parameter, member))))
            .OrderByDescending(one => one.Parameters.Length)
            .FirstOrDefault();

    private static bool Sets(IParameterSymbol parameter, (ISymbol Member, ITypeSymbol Type) member) =>
        parameter.RefKind is RefKind.None or RefKind.In
        && string.Equals(parameter.Name, member.Member.Name.TrimStart('_'), StringComparison.OrdinalIgnoreCase)
        && SymbolEqualityComparer.Default.Equals(parameter.Type, member.Type);

    private static ImmutableArray<int> ArgumentsOf(
        IMethodSymbol? constructor, List<(ISymbol Member, ITypeSymbol Type)> members) =>
        constructor is null
            ? []
            : constructor.Parameters
                .Select(parameter => members.FindIndex(member => Sets(parameter, member)))
                .ToImmutableArray();

    private KeyMember ToMember((ISymbol Member, ITypeSymbol Type) one, IMethodSymbol? constructor)
    {
        var parameter = constructor?.Parameters.FirstOrDefault(parameter => Sets(parameter, one));
        var isSettable = one.Member is IFieldSymbol { IsReadOnly: false } or IPropertySymbol { SetMethod: not null };
        if (parameter is null && !isSettable)
            Report(KeyDiagnostics.NotSettable, one.Member, _type.Name, one.Member.Name);

        // A required member is set again, unless the constructor says that it sets them all.
        var isSetAgain = one.Member is IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true }
            && !SetsRequired(constructor);
        return new KeyMember(NameOf(one.Member), TypeOf(one.Type), isSetAgain ? "" : parameter?.Name ?? "");
    }

    private static bool SetsRequired(IMethodSymbol? constructor) => constructor is not null
        && constructor.GetAttributes().Any(
            attribute => attribute.AttributeClass is { Name: "SetsRequiredMembersAttribute" });

    private static ImmutableArray<string> DeclarationsOf(INamedTypeSymbol type)
    {
        var declarations = ImmutableArray.CreateBuilder<string>();
        for (var around = type; around is not null; around = around.ContainingType)
            declarations.Insert(0, $"partial {KindOf(around)} {NameOf(around)}");
        return declarations.ToImmutable();
    }

    private static string KindOf(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "interface",
        { IsRecord: true, IsValueType: true } => "record struct",
        { IsRecord: true } => "record",
        { IsValueType: true } => "struct",
        _ => "class",
    };

    private static string NameOf(ISymbol symbol) =>
        SyntaxFacts.GetKeywordKind(symbol.Name) != SyntaxKind.None ? "@" + symbol.Name : symbol.Name;

    private static string TypeOf(ITypeSymbol type) => type.ToDisplayString(FullName);

    private void Report(DiagnosticDescriptor problem, params object[] arguments) =>
        _problems.Add(Diagnostic.Create(problem, _location, arguments));

    private void Report(DiagnosticDescriptor problem, ISymbol at, params object[] arguments) =>
        _problems.Add(Diagnostic.Create(problem, at.Locations.FirstOrDefault() ?? _location, arguments));
}
