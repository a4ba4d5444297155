using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DisruptorStream.Generators.Source;

/// <summary>Writes a file for each type that is marked with an attribute, and reports what is wrong with it.</summary>
internal static class MarkedTypes
{
    /// <param name="context">The generator's.</param>
    /// <param name="attribute">The mark, with its namespace.</param>
    /// <param name="read">Reads a type: null where no file is to be written.</param>
    /// <param name="fileOf">Names the file.</param>
    /// <param name="write">Makes its text.</param>
    public static void Register<TType>(
        IncrementalGeneratorInitializationContext context,
        string attribute,
        Func<GeneratorAttributeSyntaxContext, CancellationToken, (TType? Type, ImmutableArray<Diagnostic> Problems)>
            read,
        Func<TType, string> fileOf,
        Func<TType, string> write)
        where TType : class, IEquatable<TType>
    {
        var all = context.SyntaxProvider.ForAttributeWithMetadataName(
            attribute, static (node, _) => node is TypeDeclarationSyntax, read);
        var types = all.Where(static one => one.Type is not null).Select(static (one, _) => one.Type!);
        context.RegisterSourceOutput(
            types, (output, type) => output.AddSource(fileOf(type), SourceText.From(write(type), Encoding.UTF8)));
        context.RegisterSourceOutput(
            all.SelectMany(static (one, _) => one.Problems),
            static (output, problem) => output.ReportDiagnostic(problem));
    }

    /// <summary>Where the name of the marked type stands.</summary>
    public static Location PlaceOf(GeneratorAttributeSyntaxContext context) =>
        ((TypeDeclarationSyntax)context.TargetNode).Identifier.GetLocation();
}
