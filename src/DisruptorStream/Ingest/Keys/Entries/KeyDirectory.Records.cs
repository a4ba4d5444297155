using System.Buffers;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

namespace DisruptorStream.Ingest.Keys.Entries;

/// <content>What is told in records, and how it is told again.</content>
internal sealed partial class KeyDirectory<TKey>
{
    // No id is above 2^30, so no link in the list of free ids is this.
    private const uint Unlisted = uint.MaxValue;

    private int _unlisted;

    /// <summary>
    /// Writes all as records: the ids in ascending order, then those that are free in the order of their release.
    /// </summary>
    /// <param name="output">Where they go.</param>
    /// <param name="codec">Writes the keys.</param>
    /// <param name="sequence">The slot that the records come before.</param>
    /// <param name="column">The number of the keys among those of an event, where the records tell it.</param>
    /// <remarks>The same keys with the same ids give the same bytes, whatever pins or marks they have.</remarks>
    public void Save(IBufferWriter<byte> output, IKeyCodec<TKey> codec, long sequence = 0, int column = 0)
    {
        var body = new ArrayBufferWriter<byte>();
        for (var id = 0; id < _idRange; id++)
        {
            ref var entry = ref EntryAt(id);
            if (!entry.TryRead(out var key, out _))
            {
                Record(column, IdentityKind.KeyIdAdded, id, entry.Generation, sequence).Write(output);
                continue;
            }

            codec.Write(key, body);
            Record(column, IdentityKind.KeyDefined, id, entry.Generation, sequence, body.WrittenSpan, OrdinalOf(id))
                .Write(output);
            body.ResetWrittenCount();
            if (entry.IsDead)
                Record(column, IdentityKind.KeyRetired, id, entry.Generation, IdentityRecord.NoSlot).Write(output);
        }

        foreach (var id in FreeIds())
            Record(column, IdentityKind.KeyReleased, id, EntryAt(id).Generation, sequence).Write(output);
    }

    /// <summary>Does what a record of a key says.</summary>
    /// <exception cref="StateException">
    /// The record is no key's, or does not follow from what was told before.
    /// </exception>
    public void Apply(in IdentityRecord record, IKeyCodec<TKey> codec)
    {
        var id = record.Number;
        if (record.Kind == IdentityKind.KeyDefined)
            Define(id, ReadKey(record, codec), record.Generation, record.Ordinal);
        else if (record.Kind == IdentityKind.KeyIdAdded)
            AddFree(id, record.Generation);
        else if (record.Kind == IdentityKind.KeyRetired)
            Retire(id);
        else if (record.Kind == IdentityKind.KeyReleased)
            Free(id, record.Generation);
        else
            throw IdentityRecord.Damaged($"a record of the kind {record.Kind} is no key's");
    }

    /// <summary>An id stands for a key: the next id that there is, in its present generation.</summary>
    /// <param name="keyId">The id.</param>
    /// <param name="key">The key.</param>
    /// <param name="generation">How often the id was released.</param>
    /// <param name="ordinal">How many keys were defined before this one.</param>
    /// <exception cref="StateException">It is not the next id, or of another generation.</exception>
    public void Define(int keyId, TKey key, uint generation, long ordinal)
    {
        if (IsFull || keyId != NextId)
            throw NotNext(keyId);
        var isNew = keyId == _idRange;
        if (!isNew && EntryAt(keyId).Generation != generation)
            throw WrongGeneration(keyId, generation);
        Take();
        ref var entry = ref EntryAt(keyId);
        if (isNew)
        {
            entry.SetGeneration(generation);
            DefinedCount += generation;
        }

        Occupy(keyId, key, hash: 0);
        _ordinals[keyId >> ChunkBits][keyId & (ChunkLength - 1)] = ordinal;
    }

    /// <summary>A key is retired, as its slot and the record of its outcome say.</summary>
    /// <exception cref="StateException">The id stands for no key that could be retired.</exception>
    public void Retire(int keyId)
    {
        if (keyId >= _idRange || EntryAt(keyId).IsFree || EntryAt(keyId).IsDead)
            throw IdentityRecord.Damaged($"the key with id {keyId} is retired, and there is no such key");
        EntryAt(keyId).Kill();
        Volatile.Write(ref _count, _count - 1);
    }

    /// <summary>Frees the ids of all retired keys, in ascending order.</summary>
    public void ReleaseRetired()
    {
        for (var id = 0; id < _idRange; id++)
        {
            if (EntryAt(id).IsDead)
                Release(id);
        }
    }

    /// <summary>All was told that a saved directory tells.</summary>
    /// <exception cref="StateException">
    /// A free id is missing in the list of free ids, or a key is told to be younger than the newest.
    /// </exception>
    public void ThrowUnlessWhole()
    {
        if (_unlisted > 0)
            throw IdentityRecord.Damaged($"{_unlisted} free ids are not in the list of free ids");
        for (var id = 0; id < _idRange; id++)
        {
            if (OrdinalOf(id) >= DefinedCount)
            {
                throw IdentityRecord.Damaged(
                    $"the key with id {id} has the ordinal {OrdinalOf(id)}, and there were {DefinedCount} keys");
            }
        }
    }

    private static IdentityRecord Record(
        int column,
        IdentityKind kind,
        int id,
        uint generation,
        long sequence,
        ReadOnlySpan<byte> body = default,
        long ordinal = 0)
    {
        return new IdentityRecord
        {
            Kind = kind,
            Column = column,
            Sequence = sequence,
            Number = id,
            Generation = generation,
            Ordinal = ordinal,
            Body = body,
        };
    }

    private static TKey ReadKey(in IdentityRecord record, IKeyCodec<TKey> codec)
    {
        try
        {
            var key = codec.Read(record.Body, out var bytesRead);
            if (bytesRead == record.Body.Length && key is not null)
                return key;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A codec of the user's may throw anything at bytes that are no key.
            throw IdentityRecord.Damaged(
                $"the codec '{codec.Name}' cannot read the key with id {record.Number}", exception);
        }

        throw IdentityRecord.Damaged(
            $"the codec '{codec.Name}' reads no key, or not all bytes of the key with id {record.Number}");
    }

    private void AddFree(int keyId, uint generation)
    {
        if (keyId != _idRange || _idRange == MaxKeys)
            throw NotNext(keyId);
        Grow();
        EntryAt(keyId).SetGeneration(generation);
        DefinedCount += generation;
        EntryAt(keyId).Hash = Unlisted;
        _unlisted++;
    }

    private void Free(int keyId, uint generation)
    {
        if (keyId >= _idRange)
            throw NotRetired(keyId);
        ref var entry = ref EntryAt(keyId);
        if (entry.IsDead && entry.Generation + 1 == generation)
        {
            Release(keyId);
            return;
        }

        if (!entry.IsFree || entry.Hash != Unlisted)
            throw NotRetired(keyId);
        if (entry.Generation != generation)
            throw WrongGeneration(keyId, generation);
        entry.Hash = (uint)_freeLink;
        _freeLink = keyId + 1;
        _unlisted--;
    }

    /// <summary>The ids of the list of free ids, the one released first before all others.</summary>
    private int[] FreeIds()
    {
        var count = 0;
        for (var link = _freeLink; link != 0; link = (int)EntryAt(link - 1).Hash)
            count++;
        var ids = new int[count];
        for (var link = _freeLink; link != 0; link = (int)EntryAt(link - 1).Hash)
            ids[--count] = link - 1;
        return ids;
    }

    private StateException NotNext(int keyId) => IdentityRecord.Damaged(
        $"the id {keyId} is given to a key, and the next one is {NextId} of at most {MaxKeys}");

    private static StateException NotRetired(int keyId) => IdentityRecord.Damaged(
        $"the id {keyId} is released, and no key with it was retired");

    private StateException WrongGeneration(int keyId, uint generation) => IdentityRecord.Damaged(
        $"the id {keyId} has the generation {generation}, and {EntryAt(keyId).Generation} is its own");
}
