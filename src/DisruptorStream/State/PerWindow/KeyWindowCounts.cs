namespace DisruptorStream.State.PerWindow;

/// <summary>How many windows each key has.</summary>
internal sealed class KeyWindowCounts
{
    private int[] _counts = [];

    public int Of(int keyId) => keyId < _counts.Length ? _counts[keyId] : 0;

    /// <summary>One more; returns how many that makes.</summary>
    public int Add(int keyId)
    {
        if (keyId >= _counts.Length)
            Array.Resize(ref _counts, Math.Max(keyId + 1, Math.Max(64, _counts.Length * 2)));
        return ++_counts[keyId];
    }

    public void Remove(int keyId) => _counts[keyId]--;
}
