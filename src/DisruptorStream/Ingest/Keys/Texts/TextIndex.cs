using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Ingest.Keys.Probes;

namespace DisruptorStream.Ingest.Keys.Texts;

/// <summary>
/// Finds the ids of text keys: by the object of the text if that is the key's own, or by its characters.
/// </summary>
/// <remarks>
/// <para>
/// Who publishes often names a key by the same object. Where its id may be is then told by a hint, found by the
/// address of the object: neither the characters nor their hash are read. A hint may be wrong, as objects move and
/// others take its place; the entry that it leads to says whether it is right.
/// </para>
/// <para>
/// Any thread finds, without a lock. The class knows what it looks for, as code that all tables of reference types
/// share does not: there, each step would have to look up what to call.
/// </para>
/// </remarks>
internal sealed unsafe class TextIndex
{
    /// <summary>The most keys that are looked up together.</summary>
    public const int BlockKeys = 64;

    private const int FirstHints = 1 << 10;
    private const int MostHints = 1 << 20;
    private const int HintsPerKey = 2;

    // Objects lie at multiples of 8 bytes, few strings so close together.
    private const int NearBits = 4;
    private const int FarBits = 20;

    // With so few left, each is looked up alone.
    private const int FewKeys = BlockKeys / 8;

    // Where most objects are new ones, few blocks ask for hints.
    private const int BlocksWithoutHints = 15;

    private readonly HashBuckets _buckets;
    private KeyEntry<string>[][] _chunks;
    private int[] _hints = new int[FirstHints];
    private int _known;
    private int _withoutHints;

    /// <param name="buckets">The chains of all keys.</param>
    /// <param name="chunks">Their entries.</param>
    public TextIndex(HashBuckets buckets, KeyEntry<string>[][] chunks)
    {
        _buckets = buckets;
        _chunks = chunks;
    }

    /// <summary>Knows the entries of ids that are new, before any of them is found.</summary>
    // Pairs with the reads in EntryAt.
    public void Follow(KeyEntry<string>[][] chunks) => Volatile.Write(ref _chunks, chunks);

    /// <summary>Notes where a new key is. Under the lock of the table.</summary>
    public void Add(string key, int id)
    {
        if (id >= _known)
            Volatile.Write(ref _known, id + 1);
        File(key, id);
    }

    /// <summary>The id of a key that is found, or -1. Keeps the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="word">The word of its entry when it was compared.</param>
    public int Find(string key, out ulong word)
    {
        var hints = Volatile.Read(ref _hints);
        var id = FindByObject(hints, PlaceOf(hints, AddressOf(ref key)), key, out word);
        return id >= 0 ? id : FindAndFile(key, out word);
    }

    /// <summary>As the other one, by characters with this hash.</summary>
    public int Find(ReadOnlySpan<char> chars, uint hash, out ulong word) =>
        FindFrom(LinkOf(hash), chars, hash, out word);

    /// <summary>
    /// Looks for keys, 1 to <see cref="BlockKeys"/>, inside one claim, and keeps those that it finds.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <param name="ids">Their ids; -1 for one that is not found.</param>
    /// <param name="hashes">The hashes of those that are not found.</param>
    /// <returns>How many were found.</returns>
    public int FindAll(ReadOnlySpan<string> keys, Span<int> ids, Span<uint> hashes)
    {
        var isByObject = _withoutHints <= 0;
        if (!isByObject)
            _withoutHints--;
        var found = isByObject ? FindByObject(keys, ids) : 0;
        if (found == keys.Length)
            return found;
        if (keys.Length - found <= FewKeys && found > 0)
            return found + FindRest(keys, ids, hashes);

        HashAll(keys, hashes);
        LinkAll(hashes, ids);
        FetchKeys(ids, hashes);
        var all = FindByContent(keys, ids, hashes, out var own);
        if (isByObject && found + own < FewKeys)
            _withoutHints = BlocksWithoutHints;
        return all;
    }

    private int FindByObject(ReadOnlySpan<string> keys, Span<int> ids)
    {
        ids = ids[..keys.Length];
        var hints = Volatile.Read(ref _hints);
        var found = 0;
        for (var index = 0; index < keys.Length; index++)
        {
            var place = PlaceOf(hints, AddressOf(ref Unsafe.AsRef(in keys[index])));
            var id = FindByObject(hints, place, keys[index], out _);
            ids[index] = id;
            found += id >= 0 ? 1 : 0;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindByObject(int[] hints, nuint place, string key, out ulong word)
    {
        // Pairs with the write in File: an id that is read here has an entry.
        var hint = Volatile.Read(ref hints[place]);
        return hint != 0 && IsOf(hint - 1, key, out word) ? hint - 1 : FindBeside(hints, place, key, out word);
    }

    private int FindBeside(int[] hints, nuint place, string key, out ulong word)
    {
        // As above.
        var hint = Volatile.Read(ref hints[place ^ 1]);
        if (hint != 0 && IsOf(hint - 1, key, out word))
            return hint - 1;
        word = 0;
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsOf(int id, string key, out ulong word)
    {
        ref var entry = ref EntryAt(id);
        return entry.TryRead(out var known, out word) && ReferenceEquals(known, key) && entry.TryKeep(word);
    }

    /// <summary>Looks for the keys that have no id yet, one by one. Returns how many it found.</summary>
    private int FindRest(ReadOnlySpan<string> keys, Span<int> ids, Span<uint> hashes)
    {
        var found = 0;
        for (var index = 0; index < keys.Length; index++)
        {
            if (ids[index] >= 0)
                continue;
            var key = keys[index];
            hashes[index] = StableHash.Of(key.AsSpan());
            ids[index] = FindFrom(LinkOf(hashes[index]), key, hashes[index], out _);
            if (ids[index] < 0)
                continue;
            FileIfOwn(key, ids[index]);
            found++;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindAndFile(string key, out ulong word)
    {
        var hash = StableHash.Of(key.AsSpan());
        var id = FindFrom(LinkOf(hash), key, hash, out word);
        if (id >= 0)
            FileIfOwn(key, id);
        return id;
    }

    // What the passes below need lies anywhere: each asks for what the next one reads, so that the waits overlap. That
    // something may move meanwhile does no harm.
    private static void HashAll(ReadOnlySpan<string> keys, Span<uint> hashes)
    {
        for (var index = 0; Sse.IsSupported && index < keys.Length; index++)
            Sse.Prefetch0((void*)AddressOf(ref Unsafe.AsRef(in keys[index])));
        for (var index = 0; index < keys.Length; index++)
            hashes[index] = StableHash.Of(keys[index].AsSpan());
    }

    private void LinkAll(ReadOnlySpan<uint> hashes, Span<int> links)
    {
        for (var index = 0; index < links.Length; index++)
        {
            links[index] = LinkOf(hashes[index]);
            if (Sse.IsSupported && links[index] != 0)
                Sse.Prefetch0(Unsafe.AsPointer(ref EntryAt(links[index] - 1)));
        }
    }

    private void FetchKeys(ReadOnlySpan<int> links, ReadOnlySpan<uint> hashes)
    {
        for (var index = 0; Sse.IsSupported && index < links.Length; index++)
        {
            if (links[index] == 0)
                continue;
            ref var entry = ref EntryAt(links[index] - 1);
            var key = entry.KeyToFetch;
            if (entry.Hash == hashes[index])
                Sse.Prefetch0((void*)AddressOf(ref key!));
            else if (Volatile.Read(ref entry.Next) is var next and > 0)
                Sse.Prefetch0(Unsafe.AsPointer(ref EntryAt(next - 1)));
        }
    }

    /// <param name="keys">The keys.</param>
    /// <param name="links">Where their chains begin; replaced by their ids.</param>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="own">How many keys were the very objects of the table.</param>
    private int FindByContent(ReadOnlySpan<string> keys, Span<int> links, ReadOnlySpan<uint> hashes, out int own)
    {
        own = 0;
        var found = 0;
        for (var index = 0; index < keys.Length; index++)
        {
            var id = FindFrom(links[index], keys[index], hashes[index], out _);
            links[index] = id;
            if (id < 0)
                continue;
            found++;
            own += FileIfOwn(keys[index], id) ? 1 : 0;
        }

        return found;
    }

    private int FindFrom(int link, ReadOnlySpan<char> chars, uint hash, out ulong word)
    {
        while (link != 0)
        {
            ref var entry = ref EntryAt(link - 1);
            if (entry.Hash == hash
                && entry.TryRead(out var known, out word)
                && chars.SequenceEqual(known)
                && entry.TryKeep(word))
            {
                return link - 1;
            }

            // Pairs with the writes to links in the table.
            link = Volatile.Read(ref entry.Next);
        }

        word = 0;
        return -1;
    }

    /// <summary>Notes where the object of a key leads, if it is the one that the table has.</summary>
    private bool FileIfOwn(string key, int id)
    {
        if (!ReferenceEquals(EntryAt(id).KeyToFetch, key))
            return false;
        MakeRoom();
        File(key, id);
        return true;
    }

    /// <summary>
    /// More hints where there are more keys: not before one is found again by its object, as many never are. The hints
    /// come back as keys are looked up, so that nobody has to wait for them all.
    /// </summary>
    private void MakeRoom()
    {
        // Both pair with the writes in Add and here; where two make room, one of them wins.
        var hints = Volatile.Read(ref _hints);
        var wanted = Math.Min((long)HintsPerKey * Volatile.Read(ref _known), MostHints);
        if (hints.Length < wanted)
        {
            var length = (int)BitOperations.RoundUpToPowerOf2((uint)wanted);
            Interlocked.CompareExchange(ref _hints, new int[length], hints);
        }
    }

    private void File(string key, int id)
    {
        var hints = Volatile.Read(ref _hints);
        var place = PlaceOf(hints, AddressOf(ref key));
        var before = hints[place];
        if (before == id + 1)
            return;

        // Both pair with the reads in FindByObject. What was there moves to the place beside it, and is found there.
        Volatile.Write(ref hints[place ^ 1], before);
        Volatile.Write(ref hints[place], id + 1);
    }

    // Pairs with the writes to heads in the table: an entry is seen with what it links.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int LinkOf(uint hash) => Volatile.Read(ref _buckets.HeadOf(hash));

    // The chunks are read after the id, which was published after them: pairs with the write in Follow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref KeyEntry<string> EntryAt(int id) => ref KeyDirectory<string>.EntryAt(_chunks, id);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint AddressOf(ref string key) => Unsafe.As<string, nuint>(ref key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint PlaceOf(int[] hints, nuint address) =>
        ((address >> NearBits) ^ (address >> FarBits)) & (nuint)(hints.Length - 1);
}
