using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DisruptorStream.Generators.Keys;

/// <summary>Writes codecs for the types that are marked with <c>[KeyCodec]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class KeyCodecGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var read = context.SyntaxProvider.ForAttributeWithMetadataName(
            KeyMemberTypes.Attribute, static (node, _) => node is TypeDeclarationSyntax, Read);
        var types = read.Where(static one => one.Type is not null).Select(static (one, _) => one.Type!);
        context.RegisterSourceOutput(types, static (output, type) => output.AddSource(
            KeyCodecWriter.FileOf(type), SourceText.From(KeyCodecWriter.Write(type), Encoding.UTF8)));
        context.RegisterSourceOutput(
            read.SelectMany(static (one, _) => one.Problems),
            static (output, problem) => output.ReportDiagnostic(problem));
    }

    private static (KeyType? Type, ImmutableArray<Diagnostic> Problems) Read(
        GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        // One that names a codec asks for none.
        var asks = context.Attributes.Any(static attribute => attribute.ConstructorArguments.IsEmpty);
        return asks && context.TargetSymbol is INamedTypeSymbol type
            ? KeyTypeReader.Read(
                type, ((TypeDeclarationSyntax)context.TargetNode).Identifier.GetLocation(), cancellation)
            : (null, []);
    }
}
