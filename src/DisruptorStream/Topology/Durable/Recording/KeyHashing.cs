using System.Security.Cryptography;
using System.Text;
using DisruptorStream.Plans;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>Has a recording tell hashes in place of the texts of keys.</summary>
internal static class KeyHashing
{
    private const int SecretBytes = 32;

    /// <summary>The same keys, which tell hashes of themselves.</summary>
    /// <param name="plan">The processor.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="secret">What the hashes depend on; null for a random one.</param>
    /// <exception cref="ArgumentException">Not all would be hidden, or a replay would give other results.</exception>
    public static IReadOnlyList<KeyColumnMaker> Of(
        ProcessorPlan plan, IReadOnlyList<KeyColumnMaker> keys, string? secret)
    {
        ThrowUnlessItFits(plan);
        var bytes = secret is null ? RandomNumberGenerator.GetBytes(SecretBytes) : Encoding.UTF8.GetBytes(secret);
        var codec = new HashingCodec(bytes);
        var hashed = new KeyColumnMaker[keys.Count];
        for (var column = 0; column < hashed.Length; column++)
        {
            var key = plan.Inputs[0].Keys[column];

            // Combinations are told as the numbers of their parts.
            hashed[column] = key.Parts.Count > 0 ? keys[column] : new KeyColumnMaker<string>(key.MaxKeys, codec);
        }

        return hashed;
    }

    private static void ThrowUnlessItFits(ProcessorPlan plan)
    {
        foreach (var key in plan.Inputs[0].Keys)
        {
            if (key.Parts.Count == 0 && key.KeyType != typeof(string))
            {
                throw new ArgumentException(
                    $"HashKeys of the flight recorder hides keys that are texts, and the key '{key.Name}' is a "
                    + $"{key.KeyType}; leave HashKeys out, or make it a text.",
                    nameof(plan));
            }
        }

        foreach (var measure in plan.Inputs[0].Rules.Measures)
        {
            if (measure.Symbols is not null)
            {
                throw new ArgumentException(
                    $"HashKeys of the flight recorder does not hide the texts of the symbols '{measure.Name}'; leave "
                    + "HashKeys out, or give the symbols numbers of your own.",
                    nameof(plan));
            }
        }

        foreach (var query in plan.Queries)
        {
            if (query.Window.Definition.HasKeyZones)
            {
                throw new ArgumentException(
                    $"The windows of '{query.Name}' go by a time zone for each key, and with HashKeys a replay sees "
                    + "hashes in place of keys; leave HashKeys out.",
                    nameof(plan));
            }
        }
    }
}
