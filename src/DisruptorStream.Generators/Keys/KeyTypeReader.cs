using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using DisruptorStream.Generators.Source;
using Microsoft.CodeAnalysis;

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
        var made = new MadeType(_type);
        foreach (var (member, type) in made.Members)
        {
            if (!KeyMemberTypes.HasCodec(type))
                Report(KeyDiagnostics.NoCodec, member, _type.Name, member.Name, type.ToDisplayString());
        }

        return new KeyType(
            PartialTypes.SpaceOf(_type),
            PartialTypes.DeclarationsOf(_type),
            _type.ToDisplayString(FullName),
            _type.IsReferenceType,
            made.Arguments,
            made.Members.Select(one => ToMember(one, made)).ToImmutableArray());
    }

    private void CheckPartial()
    {
        foreach (var reason in PartialTypes.WhyNotPartial(_type, _cancellation))
            Report(KeyDiagnostics.NotPartial, _type.Name, reason);
    }

    private string? WhyUnsuitable()
    {
        if (PartialTypes.IsInGeneric(_type))
            return "it is generic, or in a generic type";
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
        return MadeType.StateOf(_type).Count == 0 ? "it has no members that could be written" : null;
    }

    private bool HoldsItself(INamedTypeSymbol type, HashSet<ISymbol> seen)
    {
        foreach (var (_, part) in MadeType.StateOf(type))
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

    private KeyMember ToMember((ISymbol Member, ITypeSymbol Type) one, MadeType made)
    {
        if (!made.CanSet(one))
            Report(KeyDiagnostics.NotSettable, one.Member, _type.Name, one.Member.Name);
        return new KeyMember(
            PartialTypes.NameOf(one.Member),
            one.Type.ToDisplayString(FullName),
            made.IsSetBehind(one) ? "" : made.ParameterOf(one)!.Name);
    }

    private void Report(DiagnosticDescriptor problem, params object[] arguments) =>
        _problems.Add(Diagnostic.Create(problem, _location, arguments));

    private void Report(DiagnosticDescriptor problem, ISymbol at, params object[] arguments) =>
        _problems.Add(Diagnostic.Create(problem, at.Locations.FirstOrDefault() ?? _location, arguments));
}
