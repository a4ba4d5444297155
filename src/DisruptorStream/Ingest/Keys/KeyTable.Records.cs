using System.Buffers;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Ingest.Keys.Probes;

namespace DisruptorStream.Ingest.Keys;

/// <content>What is told of the keys, saved, and derived from what was loaded.</content>
internal sealed partial class KeyTable<TKey>
{
    /// <summary>
    /// From now on a side log is told of each key, after all that there are already. Costs nothing but for new keys.
    /// </summary>
    /// <param name="log">What is told.</param>
    /// <param name="codec">Writes the keys.</param>
    /// <param name="column">The number of the keys among those of an event.</param>
    /// <param name="goesOnFrom">
    /// The slot from which on a log goes on that knows all that there is; -1 for a log that knows nothing.
    /// </param>
    /// <exception cref="InvalidOperationException">A log that is still read is told already.</exception>
    public void Attach(SideLog log, IKeyCodec<TKey> codec, int column = 0, long goesOnFrom = -1)
    {
        lock (_gate)
        {
            if (_recorder is { IsRead: true })
            {
                throw new InvalidOperationException(
                    "The keys are told to a side log already; close that log before another is attached.");
            }

            var recorder = new KeyRecorder<TKey>(log, codec, column, Math.Max(0, goesOnFrom));
            if (goesOnFrom < 0)
                recorder.TellAll(_directory);

            // Pairs with the read in FindOrAddLocked.
            Volatile.Write(ref _recorder, recorder);
        }
    }

    /// <summary>Writes the directory of the keys, as records.</summary>
    public void Save(IBufferWriter<byte> output, IKeyCodec<TKey> codec)
    {
        lock (_gate)
            _directory.Save(output, codec);
    }

    private void TellDefined(KeyRecorder<TKey> recorder, TKey key)
    {
        if (!recorder.IsRead)
            return;
        var id = _directory.NextId;
        recorder.TellDefined(id, id == IdRange ? 0 : GenerationOf(id), _directory.DefinedCount, key);
    }

    /// <summary>Derives how keys are found from the ids that there are.</summary>
    private void FindAll()
    {
        for (var id = 0; id < IdRange; id++)
        {
            ref var entry = ref EntryAt(id);
            GrowBuckets(id);
            if (!entry.TryReadLive(out var key))
                continue;
            var hash = StableHash.Of(key);
            if (Find(hash, new ExactProbe<TKey>(key), out _) is var other and >= 0)
                throw IdentityRecord.Damaged($"the ids {other} and {id} stand for one key");
            entry.Hash = hash;
            Link(id, hash);
            FileNew(key, id);
        }
    }
}
