using DisruptorStream.Conformance.Cases;

namespace DisruptorStream.Properties.Model;

/// <summary>Rule 36: each key is a stream of its own, whose only source is the key.</summary>
internal sealed class KeyTimeModel
{
    private readonly WindowVector _ofKey;
    private readonly Dictionary<string, WindowModel> _keys = new(StringComparer.Ordinal);

    public KeyTimeModel(WindowVector vector, PerKeyShape shape) => _ofKey = vector with
    {
        PerKey = null,
        MaxOutOfOrderness = shape.Bound,
        QuietAfter = shape.CloseAfter,
    };

    public IEnumerable<WindowModel> Keys => _keys.Values;

    /// <summary>An event goes to its key, the clock and the end to all keys; no other watermark is any key's.</summary>
    public void Apply(WindowStep step, int number, long clock)
    {
        if (step is WindowStep.Watermark { Time: < long.MaxValue })
            return;
        if (step is WindowStep.Event published && !_keys.ContainsKey(published.Key))
            _keys[published.Key] = new WindowModel(_ofKey, clock);
        foreach (var (key, model) in _keys)
        {
            if (step is not WindowStep.Event other || other.Key == key)
                model.Apply(step, number);
        }
    }
}
