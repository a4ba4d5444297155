using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using DisruptorStream.Generators.Source;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Rows;

/// <summary>Reads from a marked type how it is filled from results, or what is wrong with it.</summary>
internal sealed class RowTypeReader
{
    public const string Attribute = Space + ".ResultRowAttribute";

    private const string KeyAttribute = "ResultKeyAttribute";
    private const int MostKeyParts = 4;
    private const string Space = "DisruptorStream.Emission.Records";

    private static readonly SymbolDisplayFormat FullName = SymbolDisplayFormat.FullyQualifiedFormat;

    /// <summary>Members of a result that are no metrics: name, type, and how to read them.</summary>
    private static readonly (string Name, string Type, string Source)[] Parts =
    [
        ("Start", "System.DateTimeOffset", "WindowStart"),
        ("WindowStart", "System.DateTimeOffset", "WindowStart"),
        ("End", "System.DateTimeOffset", "WindowEnd"),
        ("WindowEnd", "System.DateTimeOffset", "WindowEnd"),
        ("Window", "DisruptorStream.Windows.TimeWindow", "Window"),
        ("Timing", "DisruptorStream.Windows.PaneTiming", "Timing"),
        ("PaneIndex", "int", "PaneIndex"),
        ("Rank", "int", "Rank"),
        ("IsLast", "bool", "IsLast"),
        ("IsEvicted", "bool", "IsEvicted"),
        ("IsPartial", "bool", "IsPartial"),
        ("Silence", "DisruptorStream.Windows.Silences.SilenceChange", "Silence"),
        ("IsFailed", "bool", "IsFailed"),
        ("Failure", "System.Exception?", "Failure"),
        ("Sequence", "long", "Sequence"),
    ];

    private readonly INamedTypeSymbol _type;
    private readonly MadeType _made;
    private readonly Location _location;
    private readonly List<Diagnostic> _problems = new();

    private RowTypeReader(INamedTypeSymbol type, Location location)
    {
        _type = type;
        _made = new MadeType(type);
        _location = location;
    }

    /// <summary>Reads a type. The problems are none exactly where there is a type.</summary>
    public static (RowType? Type, ImmutableArray<Diagnostic> Problems) Read(
        INamedTypeSymbol type, Location location, CancellationToken cancellation)
    {
        var reader = new RowTypeReader(type, location);
        var found = reader.Read(cancellation);
        return reader._problems.Count == 0 ? (found, []) : (null, reader._problems.ToImmutableArray());
    }

    private RowType? Read(CancellationToken cancellation)
    {
        foreach (var reason in PartialTypes.WhyNotPartial(_type, cancellation))
            Report(RowDiagnostics.NotPartial, null, _type.Name, reason);
        if (WhyUnsuitable() is { } why)
            Report(RowDiagnostics.Unsuitable, null, _type.Name, why);
        if (_problems.Count > 0)
            return null;
        var keys = _made.Members.Where(one => Marked(one, KeyAttribute) is not null).ToList();
        if (keys.Count == 0)
            keys = _made.Members.Where(one => Same(one.Member.Name, "Key")).ToList();
        if (keys.Count is 0 or > MostKeyParts)
        {
            Report(RowDiagnostics.NoKey, null, _type.Name, keys.Count == 0 ? "no members" : "too many members");
            return null;
        }

        if (keys.Count > 1 && keys.Exists(key => Marked(key, KeyAttribute) is null))
        {
            Report(RowDiagnostics.NoKey, null, _type.Name, "several members");
            return null;
        }

        return new RowType(
            PartialTypes.SpaceOf(_type),
            PartialTypes.DeclarationsOf(_type),
            _type.ToDisplayString(FullName),
            keys.Count == 1 ? TypeOf(keys[0]) : $"({string.Join(", ", keys.Select(TypeOf))})",
            NamesOf(keys),
            _made.Arguments,
            _made.Members.Select(one => ToMember(one, keys)).ToImmutableArray());
    }

    private static string TypeOf((ISymbol Member, ITypeSymbol Type) key) =>
        key.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(FullName);

    /// <summary>The names that the parts of the key must have; none where any will do.</summary>
    private ImmutableArray<string> NamesOf(List<(ISymbol Member, ITypeSymbol Type)> keys)
    {
        var names = keys.ConvertAll(key =>
            Marked(key, KeyAttribute)?.ConstructorArguments.FirstOrDefault().Value as string);
        return keys.Count == 1 && names[0] is null
            ? []
            : keys.Select((key, part) => names[part] ?? key.Member.Name).ToImmutableArray();
    }

    private string? WhyUnsuitable() => _type switch
    {
        _ when PartialTypes.IsInGeneric(_type) => "it is generic, or in a generic type",
        { IsRefLikeType: true } => "it is a ref struct, which cannot be kept",
        { IsAbstract: true } => "it is abstract",
        { IsReferenceType: true, BaseType: { SpecialType: not SpecialType.System_Object } } =>
            "it derives from another type, whose members it does not know",
        _ => null,
    };

    private RowMember ToMember(
        (ISymbol Member, ITypeSymbol Type) one, List<(ISymbol Member, ITypeSymbol Type)> keys)
    {
        if (!_made.CanSet(one))
            Report(RowDiagnostics.NotSettable, one.Member, _type.Name, one.Member.Name);
        var metric = Marked(one, "MetricAttribute");
        var type = one.Type.ToDisplayString();
        var part = keys.FindIndex(key => SymbolEqualityComparer.Default.Equals(one.Member, key.Member));
        var source = part >= 0 ? keys.Count == 1 ? "Key" : $"Key.Item{part + 1}"
            : metric is not null ? null
            : Parts.FirstOrDefault(like => Same(like.Name, one.Member.Name) && Same(like.Type, type)).Source;
        if (source is null && type is not ("double" or "double?" or "long" or "long?"))
            Report(RowDiagnostics.NoMetricType, one.Member, _type.Name, one.Member.Name, type);
        return new RowMember(
            PartialTypes.NameOf(one.Member),
            source ?? type,
            metric?.ConstructorArguments.FirstOrDefault().Value as string,
            isMetric: source is null,
            _made.IsSetBehind(one));
    }

    /// <summary>An attribute of a member, or of the parameter of a record that makes it.</summary>
    private AttributeData? Marked((ISymbol Member, ITypeSymbol Type) one, string attribute)
    {
        IEnumerable<AttributeData> all = one.Member.GetAttributes();
        if (_made.ParameterOf(one) is { } parameter)
            all = all.Concat(parameter.GetAttributes());
        return all.FirstOrDefault(found => Same(found.AttributeClass?.ToDisplayString(), $"{Space}.{attribute}"));
    }

    private static bool Same(string? a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private void Report(DiagnosticDescriptor problem, ISymbol? at, params object[] arguments) =>
        _problems.Add(Diagnostic.Create(problem, at?.Locations.FirstOrDefault() ?? _location, arguments));
}
