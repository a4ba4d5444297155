namespace DisruptorStream.Ingest.Keys;

/// <content>How a key is given up, and its id with it.</content>
internal sealed partial class KeyTable<TKey>
{
    /// <summary>Marks a key as about to be retired. Any later look-up or pin takes the mark back.</summary>
    /// <returns>False if the id is pinned, marked already or stands for no key.</returns>
    public bool TryMarkRetiring(int keyId)
    {
        ref var entry = ref _directory.EntryOrThrow(keyId);
        if (!DirectIds.Suits<TKey>())
            return entry.TryMarkRetiring();
        lock (_gate)
            return TryMarkFiled(keyId);
    }

    /// <summary>
    /// Decides on a marked key at its slot: removes it, so that a look-up no longer finds it, or keeps it. The id of a
    /// removed key stays taken.
    /// </summary>
    /// <param name="keyId">The id that was marked.</param>
    /// <param name="sequence">The slot that asks.</param>
    /// <param name="isHeld">Whether there is state for the key, so that it must stay.</param>
    /// <returns>False if the key is held, or the mark was taken back, or never was.</returns>
    public bool TryRetire(int keyId, long sequence, bool isHeld = false)
    {
        lock (_gate)
        {
            var isRetired = !isHeld && _directory.TryKill(keyId);
            _recorder?.TellOutcome(keyId, GenerationOf(keyId), sequence, isRetired);
            if (isHeld)
                TakeBackMark(keyId);
            if (!isRetired)
                return false;
            ref var entry = ref EntryAt(keyId);
            ref var link = ref _buckets.HeadOf(entry.Hash);
            while (link != keyId + 1)
                link = ref EntryAt(link - 1).Next;

            // Pairs with the reads in Find. Readers who stand on the entry follow its own link.
            Volatile.Write(ref link, entry.Next);
            if (DirectIds.Suits<TKey>() && entry.TryRead(out var key, out _) && DirectIds.TryCode(key, out _))
                _codedKeys--;
            return true;
        }
    }

    /// <summary>Frees the id of a retired key, in a new generation.</summary>
    /// <exception cref="InvalidOperationException">The id was not retired.</exception>
    public void Release(int keyId)
    {
        lock (_gate)
        {
            _directory.Release(keyId);
            _recorder?.TellReleased(keyId, GenerationOf(keyId));
        }
    }

    /// <summary>How often an id was released: with the id, it names a key for good.</summary>
    public uint GenerationOf(int keyId) => _directory.EntryOrThrow(keyId).Generation;

    /// <summary>What is held may be idle again later, and must then be found. Under the lock.</summary>
    private void TakeBackMark(int id)
    {
        ref var entry = ref EntryAt(id);
        entry.TryRead(out _, out var word);
        entry.TryKeep(word);
    }

    /// <summary>Marks a key, and takes it from where it is found directly. Under the lock.</summary>
    private bool TryMarkFiled(int id)
    {
        ref var entry = ref EntryAt(id);
        if (!entry.TryMarkRetiring())
            return false;
        if (entry.TryRead(out var key, out _) && DirectIds.TryCode(key, out var code))
            _direct.Remove(code);
        return true;
    }
}
