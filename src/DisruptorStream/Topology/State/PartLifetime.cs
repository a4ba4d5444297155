using DisruptorStream.Identities;
using DisruptorStream.Ingest.Streams;

namespace DisruptorStream.Topology.State;

/// <summary>The ids of keys of which others are made: a part stays for as long as a combination names it.</summary>
internal sealed class PartLifetime : IKeyLifetime
{
    private readonly IKeyLifetime _keys;
    private readonly (CompositeKeys Keys, int Part)[] _wholes;

    /// <param name="keys">The parts.</param>
    /// <param name="wholes">The combinations, and which part of each the keys are.</param>
    public PartLifetime(IKeyLifetime keys, (CompositeKeys Keys, int Part)[] wholes)
    {
        _keys = keys;
        _wholes = wholes;
    }

    public int IdRange => _keys.IdRange;

    public bool TryMarkRetiring(int keyId) => !IsUsed(keyId) && _keys.TryMarkRetiring(keyId);

    public bool TryRetire(int keyId, long sequence, bool isHeld = false) =>
        _keys.TryRetire(keyId, sequence, isHeld || IsUsed(keyId));

    private bool IsUsed(int keyId) => Array.Exists(_wholes, whole => whole.Keys.Uses(whole.Part, keyId));
}
