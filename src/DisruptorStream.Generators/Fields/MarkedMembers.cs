using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using DisruptorStream.Generators.Source;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DisruptorStream.Generators.Fields;

/// <summary>Finds the members of an event that are marked, its own and those of the types it derives from.</summary>
internal static class MarkedMembers
{
    public const string Space = "DisruptorStream.Ingest.Fields";

    /// <summary>The marked members: those of the base first, each in the order of their declarations.</summary>
    public static List<MarkedMember> Of(INamedTypeSymbol type, CancellationToken cancellation)
    {
        var found = new List<MarkedMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var level = type; level is { SpecialType: SpecialType.None }; level = level.BaseType)
        {
            var ofLevel = new List<MarkedMember>();
            foreach (var member in level.GetMembers())
            {
                if (member is IFieldSymbol or IPropertySymbol && !member.IsImplicitlyDeclared | IsOfRecord(member))
                    AddMember(type, level, member, names.Contains(member.Name), ofLevel, cancellation);
            }

            AddParameters(level, ofLevel);
            names.UnionWith(level.GetMembers().Select(member => member.Name));
            found.InsertRange(0, ofLevel);
        }

        return found;
    }

    private static bool IsOfRecord(ISymbol member) => member is IPropertySymbol && member.ContainingType.IsRecord;

    private static void AddMember(
        INamedTypeSymbol type,
        INamedTypeSymbol level,
        ISymbol member,
        bool isHidden,
        List<MarkedMember> found,
        CancellationToken cancellation)
    {
        var valueType = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
        var one = new MarkedMember(member, valueType, $"one.{PartialTypes.NameOf(member)}");
        Mark(one, member.GetAttributes());
        if (ParameterOf(level, member) is { } parameter)
            Mark(one, parameter.GetAttributes());
        if (!one.IsMarked)
            return;
        one.Problem = WhyUnreadable(type, member, isHidden);
        one.RunsCode = RunsCode(member, cancellation);
        one.Copies = type.IsValueType && member is IPropertySymbol { GetMethod: { IsReadOnly: false } };
        found.Add(one);
    }

    /// <summary>Parameters that are marked and are no members: nothing could be read.</summary>
    private static void AddParameters(INamedTypeSymbol level, List<MarkedMember> found)
    {
        foreach (var parameter in level.InstanceConstructors.SelectMany(constructor => constructor.Parameters))
        {
            var one = new MarkedMember(parameter, parameter.Type, parameter.Name);
            Mark(one, parameter.GetAttributes());
            if (!one.IsMarked || found.Exists(other => Same(other.At.Name, parameter.Name)))
                continue;
            one.Problem = "it is a parameter, and the type has no property of that name; mark a property or a field";
            found.Add(one);
        }
    }

    private static IParameterSymbol? ParameterOf(INamedTypeSymbol level, ISymbol member) =>
        member is IPropertySymbol && level.IsRecord
            ? level.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
                .FirstOrDefault(parameter => Same(parameter.Name, member.Name) && parameter.GetAttributes().Length > 0)
            : null;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static void Mark(MarkedMember one, IEnumerable<AttributeData> attributes)
    {
        foreach (var attribute in attributes)
        {
            switch (attribute.AttributeClass?.ToDisplayString())
            {
                case Space + ".EventTimeAttribute":
                    one.Time = attribute;
                    break;
                case Space + ".EventKeyAttribute":
                    one.Key = attribute;
                    break;
                case Space + ".MeasureAttribute":
                    one.Measure = attribute;
                    break;
            }
        }
    }

    private static string? WhyUnreadable(INamedTypeSymbol type, ISymbol member, bool isHidden)
    {
        if (member.IsStatic)
            return "it is static; mark a member of each event";
        if (member is IPropertySymbol { GetMethod: null })
            return "it has no getter; add one";
        if (member is IPropertySymbol { IsIndexer: true })
            return "it is an indexer; mark a property without parameters";
        if (member is IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false })
        {
            return "it is a member of an interface, which no event has by its own name; mark a property of the type "
                + "that gives the same";
        }

        if (isHidden)
            return "a member of the same name in a derived type is in front of it; mark that one";
        var reader = member is IPropertySymbol { GetMethod: { } getter } ? (ISymbol)getter : member;
        var isOwn = SymbolEqualityComparer.Default.Equals(member.ContainingType, type);
        return isOwn || reader.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected
            or Accessibility.ProtectedOrInternal
            || (reader.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal
                && SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, type.ContainingAssembly))
            ? null
            : "it belongs to the base type alone; make it protected, internal or public";
    }

    /// <summary>Whether a member is anything but a field, or a property that is nothing but its field.</summary>
    private static bool RunsCode(ISymbol member, CancellationToken cancellation)
    {
        if (member is IFieldSymbol)
            return false;
        if (member is IPropertySymbol { PartialImplementationPart: not null })
            return true;
        if (member.IsVirtual || member.IsAbstract || member.IsOverride || member.DeclaringSyntaxReferences.IsEmpty)
            return true;
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            var isPlain = reference.GetSyntax(cancellation) switch
            {
                ParameterSyntax => true,
                PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors } => accessors.Accessors
                    .All(accessor => accessor is { Body: null, ExpressionBody: null }),
                _ => false,
            };
            if (!isPlain)
                return true;
        }

        return false;
    }
}
