using System.Runtime.CompilerServices;

namespace DisruptorStream.Ingest.Keys;

/// <summary>One bit for each key id: whether a handle pins it.</summary>
/// <remarks>
/// Written under the lock of the table. Read without it, and inside a ring claim: a bit that is set there means that
/// whatever retires the id later is a slot behind that claim.
/// </remarks>
internal sealed class PinnedIds
{
    private const int WordShift = 6;

    private static int _lastOwner;

    private ulong[] _words = new ulong[16];
    private int _prefix;

    /// <summary>Tells the tables of the process apart; never 0.</summary>
    public int Owner { get; } = NextOwner();

    /// <summary>For <see cref="IsPinned"/>.</summary>
    // Pairs with the write in Add. A replaced array only keeps bits that were set when the reader's claim began.
    public ulong[] Words => Volatile.Read(ref _words);

    /// <summary>How many ids from 0 on are all pinned.</summary>
    // Pairs with the writes in Add and Remove. It promises no more than the bits did when it was read.
    public int Prefix => Volatile.Read(ref _prefix);

    /// <summary>Whether the id is pinned, by words that were read inside the caller's claim.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPinned(ulong[] words, int id)
    {
        var word = id >> WordShift;
        return (uint)word < (uint)words.Length && (words[word] >> id & 1) != 0;
    }

    public void Add(int id)
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

    public void Remove(int id)
    {
        Volatile.Write(ref _words[id >> WordShift], _words[id >> WordShift] & ~(1UL << id));
        if (id < _prefix)
            Volatile.Write(ref _prefix, id);
    }

    private int PrefixFrom(int id)
    {
        while (IsPinned(_words, id))
            id++;
        return id;
    }

    private static int NextOwner()
    {
        var next = Interlocked.Increment(ref _lastOwner);
        return next != 0 ? next : Interlocked.Increment(ref _lastOwner);
    }
}
