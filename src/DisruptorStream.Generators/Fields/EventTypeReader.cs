using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using DisruptorStream.Generators.Source;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Fields;

/// <summary>Reads from a marked type how events of it are read, or what is wrong with it.</summary>
internal sealed class EventTypeReader
{
    public const string Attribute = MarkedMembers.Space + ".StreamEventAttribute";

    private const int MostMeasures = 16;
    private const int MostKeys = 8;

    private readonly INamedTypeSymbol _type;
    private readonly Location _location;
    private readonly CancellationToken _cancellation;
    private readonly List<Diagnostic> _problems = new();

    private EventTypeReader(INamedTypeSymbol type, Location location, CancellationToken cancellation)
    {
        _type = type;
        _location = location;
        _cancellation = cancellation;
    }

    /// <summary>Reads a type. There is none exactly where a problem is an error.</summary>
    public static (EventType? Type, ImmutableArray<Diagnostic> Problems) Read(
        INamedTypeSymbol type, Location location, CancellationToken cancellation)
    {
        var reader = new EventTypeReader(type, location, cancellation);
        var found = reader.Read();
        var failed = reader._problems.Exists(problem => problem.Severity == DiagnosticSeverity.Error);
        return (failed ? null : found, reader._problems.ToImmutableArray());
    }

    private EventType? Read()
    {
        foreach (var reason in PartialTypes.WhyNotPartial(_type, _cancellation))
            Report(FieldDiagnostics.NotPartial, null, _type.Name, reason);
        if (WhyUnsuitable() is { } why)
            Report(FieldDiagnostics.Unsuitable, null, _type.Name, why);
        if (_problems.Count > 0)
            return null;
        var marked = MarkedMembers.Of(_type, _cancellation);
        foreach (var one in marked.Where(one => one.Problem is not null))
            Report(FieldDiagnostics.Unreadable, one.At, _type.Name, one.At.Name, one.Problem!);
        var members = marked.Where(one => one.Problem is null).ToList();
        foreach (var one in members.Where(one => one.Copies))
            Report(FieldDiagnostics.Copies, one.At, _type.Name, one.At.Name);
        if (_problems.Exists(problem => problem.Severity == DiagnosticSeverity.Error))
            return null;
        var times = members.Where(one => one.Time is not null).ToList();
        if (times.Count != 1)
        {
            var what = times.Count == 0 ? "no member" : "several members";
            Report(FieldDiagnostics.NoTime, null, _type.Name, what);
            return null;
        }

        var measures = members.Where(one => one.Measure is not null)
            .Select(one => MeasureOf(one, one.Measure!)).ToImmutableArray();
        var keys = members.Where(one => one.Key is not null)
            .Select(one => KeyOf(one, one.Key!)).ToImmutableArray();
        if (keys.Length == 0)
            Report(FieldDiagnostics.NoKey, null, _type.Name);
        CheckNames("measures", measures, MostMeasures);
        CheckNames("keys", keys, MostKeys);
        return new EventType(
            PartialTypes.SpaceOf(_type),
            PartialTypes.DeclarationsOf(_type),
            _type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            _type.IsReferenceType || members.Exists(one => one.RunsCode),
            TimeOf(times[0], times[0].Time!),
            measures,
            keys);
    }

    private string? WhyUnsuitable()
    {
        for (var around = _type; around is not null; around = around.ContainingType)
        {
            if (around.IsFileLocal)
                return "it is a file type, which no other file can name";
        }

        return PartialTypes.IsInGeneric(_type) ? "it is generic, or in a generic type"
            : _type.IsRefLikeType ? "it is a ref struct, which cannot be in a span"
            : _type.IsStatic ? "it is static"
            : null;
    }

    private string TimeOf(MarkedMember one, AttributeData mark)
    {
        var (expression, advice) = FieldForms.TimeOf(one, mark);
        return expression ?? Refuse(one, "a time", advice);
    }

    private EventMember MeasureOf(MarkedMember one, AttributeData mark)
    {
        var (expression, kind, advice) = FieldForms.MeasureOf(one);
        return new EventMember(
            LabelOf(one, mark), kind, expression ?? Refuse(one, "a measure", advice), isReference: false);
    }

    private EventMember KeyOf(MarkedMember one, AttributeData mark)
    {
        if (FieldForms.WhyNoKey(one.Type) is { } advice)
            Refuse(one, "a key", advice);
        var type = one.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        return new EventMember(
            LabelOf(one, mark),
            type.ToDisplayString(FieldForms.FullName),
            one.Expression,
            one.Type.IsReferenceType);
    }

    private static string LabelOf(MarkedMember one, AttributeData mark) =>
        mark.ConstructorArguments.FirstOrDefault().Value as string ?? one.At.Name;

    private void CheckNames(string what, ImmutableArray<EventMember> members, int most)
    {
        if (members.Length > most)
        {
            Report(
                FieldDiagnostics.WrongNames, null, _type.Name, $"has {members.Length} {what}, and {most} are the most");
        }

        var groups = members.GroupBy(one => one.Label, StringComparer.Ordinal);
        foreach (var twice in groups.Where(group => group.Count() > 1))
        {
            Report(
                FieldDiagnostics.WrongNames,
                null,
                _type.Name,
                $"has two {what} with the name '{twice.Key}': give one another name");
        }

        if (members.Any(one => string.IsNullOrWhiteSpace(one.Label)))
            Report(FieldDiagnostics.WrongNames, null, _type.Name, $"has {what} with an empty name: give it one");
    }

    private string Refuse(MarkedMember one, string what, string advice)
    {
        Report(
            FieldDiagnostics.UnsuitableMember,
            one.At,
            _type.Name,
            one.At.Name,
            one.Type.ToDisplayString(),
            what,
            advice);
        return "0";
    }

    private void Report(DiagnosticDescriptor problem, ISymbol? at, params object[] arguments) => _problems.Add(
        Diagnostic.Create(
            problem, at?.Locations.FirstOrDefault(place => place.IsInSource) ?? _location, arguments));
}
