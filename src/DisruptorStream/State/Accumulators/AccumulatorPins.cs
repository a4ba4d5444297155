using DisruptorStream.Identities;
using DisruptorStream.State.Accumulators.Families;

namespace DisruptorStream.State.Accumulators;

/// <summary>
/// Which metrics are read from accumulators that a state was saved with. A value that follows from what was recorded.
/// </summary>
/// <remarks>
/// Which accumulators serve a set of metrics depends on the whole set: a maximum that is added to a sum makes one
/// accumulator for both. With a state in which there is only the sum, that one would begin empty, and the sum with it.
/// So a metric that was there before stays with its accumulator, and a new one has another, unless it can be read from
/// one that was saved.
/// </remarks>
internal sealed class AccumulatorPins
{
    private readonly Dictionary<string, Fingerprint> _ofMetrics;
    private readonly HashSet<Fingerprint> _saved;

    /// <param name="ofMetrics">The accumulator of each metric that was there, by its name.</param>
    /// <param name="saved">All accumulators that were saved.</param>
    public AccumulatorPins(IReadOnlyDictionary<string, Fingerprint> ofMetrics, IEnumerable<Fingerprint> saved)
    {
        _ofMetrics = new Dictionary<string, Fingerprint>(ofMetrics, StringComparer.Ordinal);
        _saved = [.. saved];
    }

    /// <summary>Nothing was saved.</summary>
    public static AccumulatorPins None { get; } = new(new Dictionary<string, Fingerprint>(StringComparer.Ordinal), []);

    /// <summary>The accumulator that a metric is read from; null for one that was not there.</summary>
    public Fingerprint? Of(string metric) => _ofMetrics.TryGetValue(metric, out var pin) ? pin : null;

    /// <summary>The kind of the saved accumulator that a metric is to be read from; null for none.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="least">The least of those that will do: Sum, Moments or Spread.</param>
    /// <param name="identityOf">What an accumulator of that kind is.</param>
    public AccumulatorKind? ChooseSaved(
        string metric,
        AccumulatorKind least,
        Func<AccumulatorKind, AccumulatorIdentity> identityOf)
    {
        if (_saved.Count == 0)
            return null;
        var pin = Of(metric);
        foreach (var kind in AccumulatorFamily.From(least))
        {
            var identity = identityOf(kind).Fingerprint;
            if (pin is null ? _saved.Contains(identity) : pin == identity)
                return kind;
        }

        return null;
    }

    /// <summary>Whether a count is to be read from that accumulator, before any other that counts the same.</summary>
    public bool IsFirstChoice(string metric, AccumulatorIdentity identity)
    {
        if (_saved.Count == 0)
            return true;
        var fingerprint = identity.Fingerprint;
        return Of(metric) is { } pin ? pin == fingerprint : _saved.Contains(fingerprint);
    }
}
