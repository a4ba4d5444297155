using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Ingest.Keys.Entries;

/// <summary>
/// One id of a <see cref="KeyDirectory{TKey}"/>: its key, its link in a chain, and the word that says what it is.
/// </summary>
/// <remarks>
/// The word holds the generation (32 bits), the phase (2) and the pins (30), so that one compare-and-swap decides
/// between those who keep the key and the one who retires it: Free → Live ⇄ Retiring → Dead → Free of the next
/// generation. The word is also the version of the key: the key is written only while the phase is Free, and a reader
/// believes its copy only if the generation was the same, and not Free, before and after it was taken.
/// </remarks>
internal struct KeyEntry<TKey>
    where TKey : notnull
{
    /// <summary>
    /// Of the look-up: the hash of the key; of a free entry, the link in the list of free ids.
    /// </summary>
    public uint Hash;

    /// <summary>Of the look-up: the next entry of the chain as its id + 1; 0 at the end.</summary>
    /// <remarks>An entry that leaves its chain keeps the link: a reader that stands on it finds its way on.</remarks>
    public int Next;

    private const int PhaseShift = 30;
    private const int GenerationShift = 32;
    private const ulong PinsMask = (1UL << PhaseShift) - 1;
    private const ulong PhaseMask = 3UL << PhaseShift;
    private const ulong Free = 0;
    private const ulong Live = 1UL << PhaseShift;
    private const ulong Retiring = 2UL << PhaseShift;
    private const ulong Dead = 3UL << PhaseShift;

    private ulong _word;
    private TKey _key;

    /// <summary>How often the id was released.</summary>
    // Pairs with the write in TryRelease.
    public uint Generation => (uint)(Volatile.Read(ref _word) >> GenerationShift);

    /// <summary>Whether the id stands for no key.</summary>
    // Pairs with the writes in Occupy and TryRelease.
    public bool IsFree => (Volatile.Read(ref _word) & PhaseMask) == Free;

    /// <summary>Whether the key was retired and its id not yet released.</summary>
    // Pairs with TryKill and TryRelease.
    public bool IsDead => (Volatile.Read(ref _word) & PhaseMask) == Dead;

    /// <summary>The key as it is, whatever becomes of it: to be asked for, or compared as an object.</summary>
    public readonly TKey KeyToFetch => _key;

    /// <summary>Makes a free entry one of this generation, for a key that is told.</summary>
    public void SetGeneration(uint generation) =>
        Volatile.Write(ref _word, ((ulong)generation << GenerationShift) | (_word & (PinsMask | PhaseMask)));

    /// <summary>A free entry becomes live. Under the table's lock.</summary>
    public void Occupy(TKey key, uint hash)
    {
        _key = key;
        Hash = hash;

        // Pairs with the first read in TryRead: a reader that sees the entry live sees its key.
        Volatile.Write(ref _word, _word | Live);
    }

    /// <summary>Copies the key, unless the entry is free or changes hands meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out TKey key, out ulong word)
    {
        // Pairs with the write in Occupy; the barrier keeps the copy before the second look, and pairs with the one in
        // Release. A torn copy of a wide key is never shown to its Equals.
        word = Volatile.Read(ref _word);
        key = _key;
        Volatile.ReadBarrier();
        return (word & PhaseMask) != Free && IsSameGeneration(word, Volatile.Read(ref _word));
    }

    /// <summary>Copies the key if it is live and not marked. Under the table's lock.</summary>
    public bool TryReadLive(out TKey key)
    {
        key = _key;

        // Pairs with TryMarkRetiring and TryTakeBackMark.
        return (Volatile.Read(ref _word) & PhaseMask) == Live;
    }

    /// <summary>
    /// Whether the key that was read with this word may be used now; takes back the mark of a retiring one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryKeep(ulong word) => (word & PhaseMask) == Live || TryTakeBackMark(word);

    /// <summary>Whether the key that was read with this word is live now, as it was then.</summary>
    // Pairs with TryMarkRetiring and Release, as TryKeep does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLiveSince(ulong word)
    {
        var now = Volatile.Read(ref _word);
        return IsSameGeneration(now, word) && (now & PhaseMask) == Live;
    }

    /// <summary>Pins a live or retiring key. Under the table's lock, so that nothing retires it meanwhile.</summary>
    public void Pin()
    {
        while (true)
        {
            // Pairs with TryMarkRetiring, which loses against a pin, and with others that take back its mark.
            var word = Volatile.Read(ref _word);
            if ((word & PinsMask) == PinsMask)
                ThrowTooManyPins();
            if (Interlocked.CompareExchange(ref _word, ((word & ~PhaseMask) | Live) + 1, word) == word)
                return;
        }
    }

    /// <summary>Whether a single handle pins the key. Under the table's lock.</summary>
    // Pairs with the exchanges of the pins.
    public readonly bool IsPinnedOnce => (_word & PinsMask) == 1;

    /// <summary>Gives back one pin.</summary>
    // Pins sit in the lowest bits; a pinned entry is live, so the phase cannot change under the subtraction.
    public void Unpin() => Interlocked.Decrement(ref _word);

    /// <summary>Live and not pinned → retiring.</summary>
    public bool TryMarkRetiring()
    {
        // Pairs with Pin and Unpin.
        var word = Volatile.Read(ref _word);
        return (word & (PhaseMask | PinsMask)) == Live
            && Interlocked.CompareExchange(ref _word, word ^ Live ^ Retiring, word) == word;
    }

    /// <summary>Still retiring → dead. Under the table's lock.</summary>
    public bool TryKill()
    {
        // Pairs with TryTakeBackMark and Pin: one of the two wins.
        var word = Volatile.Read(ref _word);
        return (word & PhaseMask) == Retiring
            && Interlocked.CompareExchange(ref _word, word ^ Retiring ^ Dead, word) == word;
    }

    /// <summary>Live or retiring → dead, as it is told: nobody pins it.</summary>
    // Pairs with the reads of those who look the key up.
    public void Kill() => Volatile.Write(ref _word, (_word & ~PhaseMask) | Dead);

    /// <summary>Dead → free, in the next generation. Under the table's lock.</summary>
    public bool TryRelease(uint freeLink)
    {
        if ((_word & PhaseMask) != Dead)
            return false;

        // The word goes first, and the barrier keeps it first: pairs with the barrier in TryRead.
        Volatile.Write(ref _word, ((_word >> GenerationShift) + 1) << GenerationShift);
        Volatile.WriteBarrier();
        _key = default!;
        Hash = freeLink;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTakeBackMark(ulong word)
    {
        // Pairs with TryMarkRetiring and TryKill, one of which may win. Another thread that takes the mark back does it
        // for this caller too; after a new mark, try again, or a caller under the lock would believe that the key is
        // gone.
        while ((word & PhaseMask) == Retiring)
        {
            var actual = Interlocked.CompareExchange(ref _word, word ^ Retiring ^ Live, word);
            if (actual == word)
                return true;
            if (!IsSameGeneration(actual, word))
                return false;
            word = actual;
        }

        return (word & PhaseMask) == Live;
    }

    private static bool IsSameGeneration(ulong left, ulong right) => ((left ^ right) >> GenerationShift) == 0;

    [DoesNotReturn]
    private static void ThrowTooManyPins() => throw new InvalidOperationException(
        $"A key is pinned by {PinsMask} handles already; dispose the handles that are no longer used.");
}
