using System.Numerics;
using DisruptorStream.State;

namespace DisruptorStream.Emission.Delivery;

/// <summary>Keys by their ids, close together: a copy for the thread that emits results of many keys.</summary>
/// <remarks>The emitting thread owns it. A key is asked for once, and stays until its id is released.</remarks>
internal sealed class EmittedKeys<TKey> : IKeySource<TKey>
{
    private const int FirstCapacity = 64;
    private const int IdsPerWord = 64;

    private readonly IKeySource<TKey> _source;
    private TKey[] _keys = new TKey[FirstCapacity];
    private ulong[] _known = new ulong[FirstCapacity / IdsPerWord];

    public EmittedKeys(IKeySource<TKey> source) => _source = source;

    /// <inheritdoc/>
    public TKey KeyOf(int keyId)
    {
        if (!IsKnown(keyId))
            Learn(keyId);
        return _keys[keyId];
    }

    /// <inheritdoc/>
    public void CopyKeys(ReadOnlySpan<int> keyIds, Span<TKey> keys)
    {
        for (var index = 0; index < keyIds.Length; index++)
            keys[index] = KeyOf(keyIds[index]);
    }

    /// <summary>The id is released: it may stand for another key from now on.</summary>
    public void Forget(int keyId)
    {
        if (!IsKnown(keyId))
            return;
        _known[keyId / IdsPerWord] &= ~(1UL << keyId);
        _keys[keyId] = default!;
    }

    private bool IsKnown(int keyId) =>
        (uint)keyId / IdsPerWord < (uint)_known.Length && (_known[(uint)keyId / IdsPerWord] >> keyId & 1) != 0;

    private void Learn(int keyId)
    {
        var key = _source.KeyOf(keyId);
        if (keyId >= _keys.Length)
        {
            var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)keyId + 1);
            Array.Resize(ref _keys, capacity);
            Array.Resize(ref _known, capacity / IdsPerWord);
        }

        _keys[keyId] = key;
        _known[keyId / IdsPerWord] |= 1UL << keyId;
    }
}
