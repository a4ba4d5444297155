using DisruptorStream.Aggregation;
using DisruptorStream.Messages;

namespace DisruptorStream.Building.Planning;

/// <summary>The measures declared so far. Immutable.</summary>
internal sealed class MeasureList
{
    private MeasureList(IReadOnlyList<MeasureDefinition> definitions) => Definitions = definitions;

    public static MeasureList Empty { get; } = new([]);

    public IReadOnlyList<MeasureDefinition> Definitions { get; }

    public MeasureList Add(string name, MeasureType type, SymbolTable? symbols = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        OptionGuard.Defined(type, nameof(type));
        foreach (var measure in Definitions)
        {
            if (string.Equals(measure.Name, name, StringComparison.Ordinal))
                throw new ArgumentException($"There is already a measure '{name}'; choose another name.", nameof(name));
        }

        if (Definitions.Count == MeasureLimit.Count)
        {
            throw new ArgumentException(
                $"An event has at most {MeasureLimit.Count} measures, so '{name}' cannot be added; use a second "
                + "processor.",
                nameof(name));
        }

        return new MeasureList(
            [.. Definitions, new MeasureDefinition(name, Definitions.Count, type) { Symbols = symbols }]);
    }
}
