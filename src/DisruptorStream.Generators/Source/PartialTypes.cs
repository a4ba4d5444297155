using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DisruptorStream.Generators.Source;

/// <summary>What must be known of a type to add a part to it.</summary>
internal static class PartialTypes
{
    /// <summary>
    /// Why no part can be added to a type, in words that follow "and": one for each type that is in the way.
    /// </summary>
    public static ImmutableArray<string> WhyNotPartial(INamedTypeSymbol type, CancellationToken cancellation)
    {
        var reasons = ImmutableArray.CreateBuilder<string>();
        for (var around = type; around is not null; around = around.ContainingType)
        {
            var isPartial = around.DeclaringSyntaxReferences.Any(
                reference => reference.GetSyntax(cancellation) is TypeDeclarationSyntax declaration
                    && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
            if (isPartial)
                continue;
            reasons.Add(SymbolEqualityComparer.Default.Equals(around, type)
                ? "it is not partial"
                : $"the type '{around.Name}' around it is not partial");
        }

        return reasons.ToImmutable();
    }

    public static bool IsInGeneric(INamedTypeSymbol type)
    {
        for (var around = type; around is not null; around = around.ContainingType)
        {
            if (around.IsGenericType)
                return true;
        }

        return false;
    }

    public static string SpaceOf(INamedTypeSymbol type) =>
        type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();

    /// <summary>The beginnings of the declarations of a type and those around it, the outermost first.</summary>
    public static ImmutableArray<string> DeclarationsOf(INamedTypeSymbol type)
    {
        var declarations = ImmutableArray.CreateBuilder<string>();
        for (var around = type; around is not null; around = around.ContainingType)
            declarations.Insert(0, $"partial {KindOf(around)} {NameOf(around)}");
        return declarations.ToImmutable();
    }

    /// <summary>The name, escaped where it is a word of the language.</summary>
    public static string NameOf(ISymbol symbol) =>
        SyntaxFacts.GetKeywordKind(symbol.Name) != SyntaxKind.None ? "@" + symbol.Name : symbol.Name;

    private static string KindOf(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "interface",
        { IsRecord: true, IsValueType: true } => "record struct",
        { IsRecord: true } => "record",
        { IsValueType: true } => "struct",
        _ => "class",
    };
}
