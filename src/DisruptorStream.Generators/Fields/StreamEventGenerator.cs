using DisruptorStream.Generators.Source;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Fields;

/// <summary>Writes the reading of events for the types that are marked with <c>[StreamEvent]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class StreamEventGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) => MarkedTypes.Register(
        context,
        EventTypeReader.Attribute,
        static (one, cancellation) => EventTypeReader.Read(
            (INamedTypeSymbol)one.TargetSymbol, MarkedTypes.PlaceOf(one), cancellation),
        EventTypeWriter.FileOf,
        EventTypeWriter.Write);
}
