using System.Runtime.CompilerServices;

namespace DisruptorStream.Ingest.Keys;

/// <summary>Which key ids are pinned by a handle, and for which of the keys that have had the id.</summary>
/// <remarks>
/// <para>
/// Written under the lock of the table. Read without it, and inside a ring claim: an id that is pinned there means that
/// whatever retires it later is a slot behind that claim.
/// </para>
/// <para>
/// A stamp says for which key an id is pinned. It is <see cref="Owner"/> for the first key that is pinned under an id,
/// and one bit is enough for those. A later key that is pinned under the same id gets a stamp of its own, which no
/// other key and no other table has (until 2^32 of them were given out in the process), so that an event of the earlier
/// key cannot be taken for one of the later key.
/// </para>
/// </remarks>
internal sealed class PinnedIds
{
    private const int WordShift = 6;
    private const int FewestIds = 1 << WordShift;

    private static int _lastOwner;

    private ulong[] _words = new ulong[16];
    private int[] _laterStamps = [];
    private Pin[] _newest = [];
    private int _prefix;

    /// <summary>Tells the tables of the process apart; never 0.</summary>
    public int Owner { get; } = NextOwner();

    /// <summary>For <see cref="IsPinned(ulong[], int)"/>.</summary>
    // Pairs with the write in Add. A replaced array only keeps bits that were set when the reader's claim began.
    public ulong[] Words => Volatile.Read(ref _words);

    /// <summary>For <see cref="IsPinned(int[], int, int)"/>; empty while no key but the first was pinned.</summary>
    // Pairs with the writes in Add and Remove, as Words does.
    public int[] LaterStamps => Volatile.Read(ref _laterStamps);

    /// <summary>How many ids from 0 on are all pinned for their first key.</summary>
    // Pairs with the writes in Add and Remove. It promises no more than the bits did when it was read.
    public int Prefix => Volatile.Read(ref _prefix);

    /// <summary>
    /// Whether the id is pinned for its first key, by words that were read inside the caller's claim.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPinned(ulong[] words, int id)
    {
        var word = id >> WordShift;
        return (uint)word < (uint)words.Length && (words[word] >> id & 1) != 0;
    }

    /// <summary>
    /// Whether the id is pinned for a later key with this stamp, by stamps that were read inside the caller's claim.
    /// </summary>
    // Pairs with the writes in Add and Remove.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPinned(int[] laterStamps, int id, int stamp) =>
        (uint)id < (uint)laterStamps.Length && Volatile.Read(ref laterStamps[id]) == stamp && stamp != 0;

    /// <summary>Pins an id, and returns the stamp of its key.</summary>
    /// <param name="id">The id.</param>
    /// <param name="generation">Tells the keys that have the id one after the other apart.</param>
    public int Add(int id, uint generation)
    {
        if (id >= _newest.Length)
            Array.Resize(ref _newest, Math.Max(id + 1, Math.Max(FewestIds, _newest.Length * 2)));
        ref var newest = ref _newest[id];
        if (newest.Stamp == 0)
            newest = new Pin(generation, Owner);
        else if (newest.Generation != generation)
            newest = new Pin(generation, NextOwner());
        if (newest.Stamp == Owner)
            SetBit(id);
        else
            SetLater(id, newest.Stamp);
        return newest.Stamp;
    }

    /// <summary>The id is not pinned any more.</summary>
    public void Remove(int id)
    {
        if (_newest[id].Stamp != Owner)
        {
            Volatile.Write(ref _laterStamps[id], 0);
            return;
        }

        Volatile.Write(ref _words[id >> WordShift], _words[id >> WordShift] & ~(1UL << id));
        if (id < _prefix)
            Volatile.Write(ref _prefix, id);
    }

    private static int NextOwner()
    {
        var next = Interlocked.Increment(ref _lastOwner);
        return next != 0 ? next : Interlocked.Increment(ref _lastOwner);
    }

    private void SetBit(int id)
    {
        var index = id >> WordShift;
        if (index >= _words.Length)
        {
            var larger = new ulong[Math.Max(index + 1, _words.Length * 2)];
            _words.CopyTo(larger, 0);
            Volatile.Write(ref _words, larger);
        }

        Volatile.Write(ref _words[index], _words[index] | (1UL << id));
        if (id == _prefix)
            Volatile.Write(ref _prefix, PrefixFrom(id + 1));
    }

    private void SetLater(int id, int stamp)
    {
        if (id >= _laterStamps.Length)
        {
            var larger = new int[_newest.Length];
            _laterStamps.CopyTo(larger, 0);
            Volatile.Write(ref _laterStamps, larger);
        }

        Volatile.Write(ref _laterStamps[id], stamp);
    }

    private int PrefixFrom(int id)
    {
        while (IsPinned(_words, id))
            id++;
        return id;
    }

    /// <summary>The key that was pinned last under an id.</summary>
    /// <param name="Generation">Its generation.</param>
    /// <param name="Stamp">Its stamp; 0 where no key was pinned.</param>
    private readonly record struct Pin(uint Generation, int Stamp);
}
