using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using DisruptorStream.Generators.Source;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Keys;

/// <summary>Writes codecs for the types that are marked with <c>[KeyCodec]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class KeyCodecGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) => MarkedTypes.Register(
        context,
        KeyMemberTypes.Attribute,
        Read,
        KeyCodecWriter.FileOf,
        KeyCodecWriter.Write);

    private static (KeyType? Type, ImmutableArray<Diagnostic> Problems) Read(
        GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        // One that names a codec asks for none.
        var asks = context.Attributes.Any(static attribute => attribute.ConstructorArguments.IsEmpty);
        return asks && context.TargetSymbol is INamedTypeSymbol type
            ? KeyTypeReader.Read(type, MarkedTypes.PlaceOf(context), cancellation)
            : (null, []);
    }
}
