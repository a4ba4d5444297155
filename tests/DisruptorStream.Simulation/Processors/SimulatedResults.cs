using DisruptorStream.Simulation.Rounds;

namespace DisruptorStream.Simulation.Processors;

/// <summary>What somebody outside of the process was handed of a query: each result once, by its number.</summary>
internal abstract class SimulatedResults
{
    private readonly SortedDictionary<long, string> _lines = [];

    private protected SimulatedResults(string name) => Name = name;

    public string Name { get; }

    /// <summary>All results, in the order of their numbers.</summary>
    public IReadOnlyList<(long Number, string Line)> ByNumber => [.. _lines.Select(line => (line.Key, line.Value))];

    /// <summary>All results, in no order that matters.</summary>
    public IEnumerable<string> Lines => _lines.Values.Order(StringComparer.Ordinal);

    /// <exception cref="RoundException">A number is missing.</exception>
    public void ThrowUnlessDense()
    {
        var next = 1L;
        foreach (var number in _lines.Keys)
        {
            RoundException.ThrowUnless(
                number == next++, $"Result {next - 1} of '{Name}' is missing; {number} is there.");
        }
    }

    /// <exception cref="RoundException">It came before, and was another one.</exception>
    protected void Add(long number, string line) => RoundException.ThrowUnless(
        _lines.TryAdd(number, line) || _lines[number] == line,
        $"Result {number} of '{Name}' was '{_lines[number]}', and now is '{line}'.");
}
