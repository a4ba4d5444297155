using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DisruptorStream.State;

namespace DisruptorStream.Ingest.Keys.Entries;

/// <summary>The dense ids, each with its key and its generation, and the list of those that are free.</summary>
/// <remarks>
/// This is what has to be kept of the keys: it is saved, loaded, and told again record by record. How an id is found by
/// its key is derived from it (<see cref="KeyTable{TKey}"/>). Ids are read by any thread, without a lock; one thread at
/// a time changes them.
/// </remarks>
internal sealed partial class KeyDirectory<TKey> : IKeySource<TKey>
    where TKey : notnull
{
    private const int LargestMaxKeys = 1 << 30;
    private const int ChunkBits = 10;
    private const int ChunkLength = 1 << ChunkBits;

    private KeyEntry<TKey>[][] _chunks = [new KeyEntry<TKey>[ChunkLength]];

    // Apart from the entries, which every look-up reads.
    private long[][] _ordinals = [new long[ChunkLength]];
    private int _idRange;
    private int _count;
    private int _freeLink;

    /// <summary>Creates one without ids.</summary>
    /// <param name="maxKeys">The most ids that may be taken at a time, 1 to 2^30. Storage grows as keys come.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxKeys"/> is out of its range.</exception>
    public KeyDirectory(int maxKeys)
    {
        if (maxKeys is < 1 or > LargestMaxKeys)
            KeyErrors.ThrowMaxKeys(maxKeys, LargestMaxKeys);
        MaxKeys = maxKeys;
    }

    /// <summary>The most ids that may be taken at a time.</summary>
    public int MaxKeys { get; }

    /// <summary>Keys that are not retired.</summary>
    // Pairs with the writes in Occupy and TryKill.
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// The highest id ever handed out + 1; never above the limit of keys, as released ids are used first.
    /// </summary>
    // Pairs with the write in Grow.
    public int IdRange => Volatile.Read(ref _idRange);

    /// <summary>How many keys were ever defined: the ordinal of the next one.</summary>
    /// <remarks>It is the sum of the generations of all ids, and of the ids that are taken.</remarks>
    public long DefinedCount { get; private set; }

    /// <summary>Whether every id is taken.</summary>
    public bool IsFull => _freeLink == 0 && _idRange == MaxKeys;

    /// <summary>The id that the next key gets: the one released last, or else a new one.</summary>
    public int NextId => _freeLink != 0 ? _freeLink - 1 : _idRange;

    /// <summary>Where the entries are: replaced by a longer list that goes on with the same ones.</summary>
    public KeyEntry<TKey>[][] Chunks => _chunks;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref KeyEntry<TKey> EntryAt(KeyEntry<TKey>[][] chunks, int keyId) =>
        ref chunks[keyId >> ChunkBits][keyId & (ChunkLength - 1)];

    // The chunks are read after the id, which was published after them: pairs with the write in Grow.
    public ref KeyEntry<TKey> EntryAt(int keyId) => ref EntryAt(_chunks, keyId);

    public ref KeyEntry<TKey> EntryOrThrow(int keyId)
    {
        if ((uint)keyId >= (uint)IdRange)
            KeyErrors.ThrowNoKey(keyId);
        return ref EntryAt(keyId);
    }

    /// <inheritdoc/>
    public TKey KeyOf(int keyId)
    {
        if (!EntryOrThrow(keyId).TryRead(out var key, out _))
            KeyErrors.ThrowNoKey(keyId);
        return key;
    }

    /// <summary>As <see cref="KeyOf"/>, but false where the id stands for no key.</summary>
    public bool TryKeyOf(int keyId, [MaybeNullWhen(false)] out TKey key) => EntryOrThrow(keyId).TryRead(out key, out _);

    /// <summary>
    /// How many keys were defined before the one that the id stands for; -1 where it stands for none. Any thread that
    /// was given the id.
    /// </summary>
    // The chunks are read after the id, as in EntryAt.
    public long OrdinalOf(int keyId) => (uint)keyId >= (uint)IdRange || EntryAt(keyId).IsFree
        ? -1
        : _ordinals[keyId >> ChunkBits][keyId & (ChunkLength - 1)];

    /// <inheritdoc/>
    public void CopyKeys(ReadOnlySpan<int> keyIds, Span<TKey> keys)
    {
        for (var index = 0; index < keyIds.Length; index++)
            keys[index] = KeyOf(keyIds[index]);
    }

    /// <summary>Takes <see cref="NextId"/>, which stands for no key yet. Not when it <see cref="IsFull"/>.</summary>
    public int Take()
    {
        if (_freeLink == 0)
            return Grow();
        var id = _freeLink - 1;
        _freeLink = (int)EntryAt(id).Hash;
        return id;
    }

    /// <summary>The id that was taken stands for a key.</summary>
    public void Occupy(int keyId, TKey key, uint hash)
    {
        _ordinals[keyId >> ChunkBits][keyId & (ChunkLength - 1)] = DefinedCount++;
        EntryAt(keyId).Occupy(key, hash);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Retires a marked key; its id stays taken.</summary>
    /// <returns>False if the mark was taken back, or never was.</returns>
    public bool TryKill(int keyId)
    {
        if (!EntryOrThrow(keyId).TryKill())
            return false;
        Volatile.Write(ref _count, _count - 1);
        return true;
    }

    /// <summary>Frees the id of a retired key, in a new generation.</summary>
    /// <exception cref="InvalidOperationException">The id was not retired.</exception>
    public void Release(int keyId)
    {
        if (!EntryOrThrow(keyId).TryRelease((uint)_freeLink))
            KeyErrors.ThrowNotRetired(keyId);
        _freeLink = keyId + 1;
    }

    /// <summary>Makes the next id.</summary>
    private int Grow()
    {
        var id = _idRange;
        var chunk = id >> ChunkBits;
        if (chunk == _chunks.Length)
        {
            var larger = new KeyEntry<TKey>[chunk * 2][];
            _chunks.CopyTo(larger, 0);
            var ordinals = new long[chunk * 2][];
            _ordinals.CopyTo(ordinals, 0);
            Volatile.Write(ref _ordinals, ordinals);

            // Pairs with the read in EntryAt, as the next line does through the id, which is published later.
            Volatile.Write(ref _chunks, larger);
        }

        _chunks[chunk] ??= new KeyEntry<TKey>[ChunkLength];
        _ordinals[chunk] ??= new long[ChunkLength];

        // Pairs with the reads in IdRange and EntryOrThrow.
        Volatile.Write(ref _idRange, id + 1);
        return id;
    }
}
