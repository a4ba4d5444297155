using DisruptorStream.Generators.Source;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Rows;

/// <summary>Writes the reading of results for the types that are marked with <c>[ResultRow]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ResultRowGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) => MarkedTypes.Register(
        context,
        RowTypeReader.Attribute,
        static (one, cancellation) => RowTypeReader.Read(
            (INamedTypeSymbol)one.TargetSymbol, MarkedTypes.PlaceOf(one), cancellation),
        RowWriter.FileOf,
        RowWriter.Write);
}
