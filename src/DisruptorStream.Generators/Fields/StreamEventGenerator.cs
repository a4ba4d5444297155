using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DisruptorStream.Generators.Fields;

/// <summary>Writes the reading of events for the types that are marked with <c>[StreamEvent]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class StreamEventGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var read = context.SyntaxProvider.ForAttributeWithMetadataName(
            EventTypeReader.Attribute, static (node, _) => node is TypeDeclarationSyntax, Read);
        var types = read.Where(static one => one.Type is not null).Select(static (one, _) => one.Type!);
        context.RegisterSourceOutput(types, static (output, type) => output.AddSource(
            EventTypeWriter.FileOf(type), SourceText.From(EventTypeWriter.Write(type), Encoding.UTF8)));
        context.RegisterSourceOutput(
            read.SelectMany(static (one, _) => one.Problems),
            static (output, problem) => output.ReportDiagnostic(problem));
    }

    private static (EventType? Type, ImmutableArray<Diagnostic> Problems) Read(
        GeneratorAttributeSyntaxContext context, CancellationToken cancellation) => EventTypeReader.Read(
            (INamedTypeSymbol)context.TargetSymbol,
            ((TypeDeclarationSyntax)context.TargetNode).Identifier.GetLocation(),
            cancellation);
}
