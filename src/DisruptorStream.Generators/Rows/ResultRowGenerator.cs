using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DisruptorStream.Generators.Rows;

/// <summary>Writes the reading of results for the types that are marked with <c>[ResultRow]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ResultRowGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var read = context.SyntaxProvider.ForAttributeWithMetadataName(
            RowTypeReader.Attribute, static (node, _) => node is TypeDeclarationSyntax, Read);
        var types = read.Where(static one => one.Type is not null).Select(static (one, _) => one.Type!);
        context.RegisterSourceOutput(types, static (output, type) => output.AddSource(
            RowWriter.FileOf(type), SourceText.From(RowWriter.Write(type), Encoding.UTF8)));
        context.RegisterSourceOutput(
            read.SelectMany(static (one, _) => one.Problems),
            static (output, problem) => output.ReportDiagnostic(problem));
    }

    private static (RowType? Type, ImmutableArray<Diagnostic> Problems) Read(
        GeneratorAttributeSyntaxContext context, CancellationToken cancellation) => RowTypeReader.Read(
            (INamedTypeSymbol)context.TargetSymbol,
            ((TypeDeclarationSyntax)context.TargetNode).Identifier.GetLocation(),
            cancellation);
}
