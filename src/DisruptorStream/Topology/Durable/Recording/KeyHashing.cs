using System.Security.Cryptography;
using System.Text;
using DisruptorStream.Aggregation;
using DisruptorStream.Codecs.Hashing;
using DisruptorStream.Plans;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>Has a recording tell hashes in place of keys and of the texts of symbols.</summary>
internal static class KeyHashing
{
    private const int SecretBytes = 32;

    /// <param name="secret">What the hashes depend on; null for a random one.</param>
    public static KeyHash Of(string? secret) => new(
        secret is null ? RandomNumberGenerator.GetBytes(SecretBytes) : Encoding.UTF8.GetBytes(secret));

    /// <summary>The same keys, which tell hashes of themselves.</summary>
    /// <param name="plan">The processor.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="hash">Makes the hashes.</param>
    /// <exception cref="ArgumentException">Not all would be hidden, or a replay would give other results.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public static IReadOnlyList<KeyColumnMaker> KeysOf(
        ProcessorPlan plan, IReadOnlyList<KeyColumnMaker> keys, KeyHash hash)
    {
        ThrowIfByZones(plan);
        var hashed = new KeyColumnMaker[keys.Count];
        for (var column = 0; column < hashed.Length; column++)
        {
            var key = plan.Inputs[0].Keys[column];
            hashed[column] = keys[column].Hashed(hash) ?? throw new ArgumentException(
                $"HashKeys of the flight recorder hides keys that are texts, integers, enums, Guid, TimeSpan or tuples "
                + $"of these, with the codecs that these have from the start, and the key '{key.Name}' is a "
                + $"{key.KeyType}; leave HashKeys out, or make it a text.",
                nameof(plan));
        }

        return hashed;
    }

    /// <summary>The same plan with symbols of its own: a recording has other texts than the program.</summary>
    public static ProcessorPlan WithOwnSymbols(ProcessorPlan plan)
    {
        var own = new Dictionary<SymbolTable, SymbolTable>();
        var measures = new List<MeasureDefinition>();
        foreach (var measure in plan.Inputs[0].Rules.Measures)
        {
            if (measure.Symbols is { } symbols && !own.ContainsKey(symbols))
                own.Add(symbols, symbols.NewAlike());
            measures.Add(measure with { Symbols = measure.Symbols is { } theirs ? own[theirs] : null });
        }

        var input = plan.Inputs[0];
        return own.Count == 0
            ? plan
            : plan with { Inputs = [input with { Rules = input.Rules with { Measures = measures } }] };
    }

    private static void ThrowIfByZones(ProcessorPlan plan)
    {
        foreach (var query in plan.Queries)
        {
            if (query.Window.Definition.HasKeyZones)
            {
                throw new ArgumentException(
                    $"The windows of '{plan.NameOf(query)}' go by a time zone for each key, and with HashKeys a replay "
                    + "sees hashes in place of keys; leave HashKeys out.",
                    nameof(plan));
            }
        }
    }
}
