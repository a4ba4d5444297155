namespace DisruptorStream.Pipeline.Assignment.Jumps;

/// <summary>What a jump guard knows of one source: the events that it holds, and the keys so far.</summary>
internal sealed class GuardedSource
{
    private readonly Dictionary<int, int> _heldKeys = [];
    private readonly List<int> _seenKeys = [];

    /// <summary>The held events in the order in which they came.</summary>
    public List<HeldEvent> Held { get; } = [];

    /// <summary>How many different keys they have.</summary>
    public int HeldKeys => _heldKeys.Count;

    /// <summary>The keys of all events so far, as long as they are few.</summary>
    public IReadOnlyList<int> SeenKeys => _seenKeys;

    /// <summary>Whether too many keys have come for them to be kept.</summary>
    public bool HasManyKeys { get; private set; }

    public void Add(in HeldEvent held)
    {
        Held.Add(held);
        if (held.KeyId < 0)
            return;
        _heldKeys[held.KeyId] = _heldKeys.GetValueOrDefault(held.KeyId) + 1;
    }

    public void RemoveAt(int index)
    {
        Forget(Held[index].KeyId);
        Held.RemoveAt(index);
    }

    public void Clear()
    {
        Held.Clear();
        _heldKeys.Clear();
    }

    /// <summary>A key of an event. Returns whether it is new and kept.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="most">From this number on there are many.</param>
    public bool Note(int keyId, int most)
    {
        if (HasManyKeys || keyId < 0 || _seenKeys.Contains(keyId))
            return false;
        if (_seenKeys.Count + 1 >= most)
        {
            HasManyKeys = true;
            return false;
        }

        _seenKeys.Add(keyId);
        return true;
    }

    /// <summary>Keys are not told from each other any more.</summary>
    public void SetManyKeys()
    {
        HasManyKeys = true;
        _seenKeys.Clear();
    }

    private void Forget(int keyId)
    {
        if (keyId >= 0 && --_heldKeys[keyId] == 0)
            _heldKeys.Remove(keyId);
    }
}
