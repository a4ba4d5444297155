using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Ingest.Keys.Probes;
using DisruptorStream.Ingest.Keys.Texts;
using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.State.Keys;

namespace DisruptorStream.Ingest.Keys;

/// <summary>
/// Finds the dense id of a key, which stands for the key everywhere behind the ring: the look-up over a <see
/// cref="KeyDirectory{TKey}"/>, derived from it.
/// </summary>
/// <remarks>
/// <para>
/// Every member may be called from any thread. A hit takes no lock, but once for an integer key that is not found
/// directly yet, and allocates nothing. A reader may miss an entry
/// that is being moved or retired, but it never takes one key for another; what it misses is looked up again under
/// the lock.
/// </para>
/// <para>
/// An id that was looked up inside a ring claim, or seen before and kept inside it (<see cref="Keep"/>), stays valid
/// for that claim, because retirement goes through the ring.
/// The pipeline marks an idle id (<see cref="TryMarkRetiring"/>), then publishes a slot, and the shard that reaches
/// the slot calls <see cref="TryRetire"/> if it has no state for the id. A look-up claimed before that slot has been
/// handled by then. One claimed after it sees the mark, as the claim orders the two, and takes it back, or finds the
/// entry dead and adds the key anew: the same word decides both. That holds for one mark at a time: the next one
/// follows when the slot of the last has been reached. <see cref="Release"/> follows when every stage and older claim
/// has passed the slot; until then the dead id still names its key, for results that are on their way.
/// </para>
/// <para>Most integer keys are found before all that, by their value: see <see cref="DirectIds"/>.</para>
/// </remarks>
internal sealed partial class KeyTable<TKey> : IKeySource<TKey>, IKeyOrder, IKeyLifetime, IPinnedKeys
    where TKey : notnull
{
    /// <summary>The answer of <c>Intern</c> when every id is taken.</summary>
    public const int Full = -1;

    private const int BucketsPerKey = 2;
    private const int StackChars = 256;

    // Growing by several buckets at a time lets the processor overlap their cache misses.
    private const int BucketsPerStep = 64;

    private readonly Lock _gate = new();
    private readonly HashBuckets _buckets = new();
    private readonly KeyDirectory<TKey> _directory;

    // Of a table of strings.
    private readonly TextIndex? _texts;

    // Those of the directory: one step less to each entry.
    private KeyEntry<TKey>[][] _chunks;
    private KeyRecorder<TKey>? _recorder;

    /// <summary>Creates an empty table.</summary>
    /// <param name="maxKeys">The most ids that may be taken at a time, 1 to 2^30. Storage grows as keys come.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxKeys"/> is out of its range.</exception>
    public KeyTable(int maxKeys)
        : this(new KeyDirectory<TKey>(maxKeys))
    {
    }

    /// <summary>Creates a table over ids that were loaded or told again. It owns them from now on.</summary>
    /// <exception cref="StateException">Two ids stand for one key.</exception>
    public KeyTable(KeyDirectory<TKey> directory)
    {
        _directory = directory;
        _chunks = directory.Chunks;
        if (typeof(TKey) == typeof(string))
            _texts = new TextIndex(_buckets, Unsafe.As<KeyEntry<string>[][]>(_chunks));
        FindAll();
    }

    /// <summary>Which ids are pinned, and for which key.</summary>
    public PinnedIds Pinned { get; } = new();

    /// <summary>The ids, for who changes them by what is told; such a table is not for publishing.</summary>
    public KeyDirectory<TKey> Directory => _directory;

    /// <summary>Keys in the table. An id that was retired and not yet released is taken, but not counted.</summary>
    public int Count => _directory.Count;

    /// <summary>
    /// The highest id ever handed out + 1; never above the limit of keys, as released ids are used first.
    /// </summary>
    public int IdRange => _directory.IdRange;

    /// <summary>
    /// The id of a key, which is added if it is new; <see cref="Full"/> if it is new and no id is free.
    /// </summary>
    public int Intern(TKey key)
    {
        ThrowIfNull(key);
        if (Texts is { } texts)
            return Intern(texts, Unsafe.As<TKey, string>(ref key));
        if (!DirectIds.TryCode(key, out var code))
            return Intern(new ExactProbe<TKey>(key));
        var id = DirectIds.Find(_direct.Slots, code);
        return id >= 0 ? id : InternAndFile(key, code);
    }

    /// <summary>The id of the string with these characters. The string is made only if it is new.</summary>
    /// <exception cref="InvalidOperationException">The keys of this table are not strings.</exception>
    public int Intern(ReadOnlySpan<char> key)
    {
        ThrowUnlessText();
        var hash = StableHash.Of(key);
        var id = Texts!.Find(key, hash, out _);
        return id >= 0 ? id : FindOrAddLocked(hash, new TextProbe(key), isPinning: false, out _);
    }

    /// <summary>The id of the string with these characters in UTF-8; what is not UTF-8 reads as U+FFFD.</summary>
    /// <exception cref="InvalidOperationException">The keys of this table are not strings.</exception>
    public int Intern(ReadOnlySpan<byte> utf8)
    {
        // UTF-8 never has fewer bytes than UTF-16 has characters, replacements included.
        if (utf8.Length > StackChars)
            return InternLong(utf8);
        Span<char> chars = stackalloc char[StackChars];
        return Intern((ReadOnlySpan<char>)chars[..Encoding.UTF8.GetChars(utf8, chars)]);
    }

    /// <summary>The id of a key that is in the table. Keeps the key, as <c>Intern</c> does.</summary>
    public bool TryGet(TKey key, out int id)
    {
        ThrowIfNull(key);
        return typeof(TKey) == typeof(string)
            ? TryGet(new TextProbe(Unsafe.As<TKey, string>(ref key)), out id)
            : TryGet(new ExactProbe<TKey>(key), out id);
    }

    /// <inheritdoc/>
    public TKey KeyOf(int keyId) => _directory.KeyOf(keyId);

    /// <inheritdoc/>
    public long OrdinalOf(int keyId) => _directory.OrdinalOf(keyId);

    /// <inheritdoc cref="KeyDirectory{TKey}.TryKeyOf"/>
    public bool TryKeyOf(int keyId, [MaybeNullWhen(false)] out TKey key) => _directory.TryKeyOf(keyId, out key);

    /// <inheritdoc/>
    public void CopyKeys(ReadOnlySpan<int> keyIds, Span<TKey> keys) => _directory.CopyKeys(keyIds, keys);

    /// <summary>Interns a key and pins it until the handle is disposed. Needs no claim.</summary>
    /// <exception cref="InvalidOperationException">The key is new and no id is free.</exception>
    public KeyHandle Pin(TKey key)
    {
        ThrowIfNull(key);
        if (typeof(TKey) == typeof(string))
            return Pin(new TextProbe(Unsafe.As<TKey, string>(ref key)));
        return Pin(new ExactProbe<TKey>(key));
    }

    /// <inheritdoc cref="Pin(TKey)"/>
    public KeyHandle Pin(ReadOnlySpan<char> key)
    {
        ThrowUnlessText();
        return Pin(new TextProbe(key));
    }

    /// <inheritdoc cref="Pin(TKey)"/>
    public KeyHandle Pin(ReadOnlySpan<byte> utf8) => Pin(Encoding.UTF8.GetString(utf8).AsSpan());

    /// <inheritdoc/>
    void IPinnedKeys.Unpin(int keyId)
    {
        lock (_gate)
        {
            // The bit goes first: a claim that finds it set lies before the slot that retires the id.
            if (EntryAt(keyId).IsPinnedOnce)
                Pinned.Remove(keyId);
            EntryAt(keyId).Unpin();
        }
    }

    /// <summary>How strings are found. The code for keys of value types has no such question in it.</summary>
    private TextIndex? Texts => typeof(TKey).IsValueType ? null : _texts;

    private int Intern(TextIndex texts, string key)
    {
        var id = texts.Find(key, out _);
        return id >= 0
            ? id
            : FindOrAddLocked(StableHash.Of(key.AsSpan()), new TextProbe(key), isPinning: false, out _);
    }

    private int Intern<TProbe>(scoped TProbe probe)
        where TProbe : struct, IKeyProbe, allows ref struct
    {
        var hash = probe.Hash();
        var id = Find(hash, probe, out _);
        return id >= 0 ? id : FindOrAddLocked(hash, probe, isPinning: false, out _);
    }

    private bool TryGet<TProbe>(scoped TProbe probe, out int id)
        where TProbe : struct, IKeyProbe, allows ref struct
    {
        var hash = probe.Hash();
        id = Find(hash, probe, out _);
        if (id >= 0)
            return true;
        lock (_gate)
            id = Find(hash, probe, out _);
        return id >= 0;
    }

    private KeyHandle Pin<TProbe>(scoped TProbe probe)
        where TProbe : struct, IKeyProbe, allows ref struct
    {
        var id = FindOrAddLocked(probe.Hash(), probe, isPinning: true, out var stamp);
        if (id == Full)
            KeyErrors.ThrowFull(_directory.MaxKeys);
        return new KeyHandle(this, id, stamp);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find<TProbe>(uint hash, scoped TProbe probe, out ulong word)
        where TProbe : struct, IKeyProbe, allows ref struct
    {
        // Pairs with the writes to heads in Link, Split and TryRetire: an entry is seen with what it links.
        return FindFrom(Volatile.Read(ref _buckets.HeadOf(hash)), hash, probe, out word);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindFrom<TProbe>(int link, uint hash, scoped TProbe probe, out ulong word)
        where TProbe : struct, IKeyProbe, allows ref struct
    {
        word = 0;
        while (link != 0)
        {
            ref var entry = ref EntryAt(link - 1);
            if (entry.Hash == hash
                && entry.TryRead(out var key, out word)
                && Matches(probe, ref key)
                && entry.TryKeep(word))
            {
                break;
            }

            // Pairs with the writes to links, as the read of the head does.
            link = Volatile.Read(ref entry.Next);
        }

        return link - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Matches<TProbe>(scoped TProbe probe, ref TKey key)
        where TProbe : struct, IKeyProbe, allows ref struct =>
        typeof(TProbe) == typeof(TextProbe)
            ? probe.MatchesText(Unsafe.As<TKey, string>(ref key))
            : probe.Matches(key);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindOrAddLocked<TProbe>(uint hash, scoped TProbe probe, bool isPinning, out int stamp)
        where TProbe : struct, IKeyProbe, allows ref struct
    {
        stamp = 0;

        // Pairs with the write in Attach, through the lock below: a thread that adds a key there tells of it.
        Volatile.Read(ref _recorder)?.WaitForRoom();
        lock (_gate)
        {
            var id = FindOrAdd(hash, probe);
            if (isPinning && id >= 0)
            {
                EntryAt(id).Pin();
                stamp = Pinned.Add(id, EntryAt(id).Generation);
            }

            return id;
        }
    }

    /// <summary>The id of a key, new or not; <see cref="Full"/> where no id is free. Under the lock.</summary>
    private int FindOrAdd<TProbe>(uint hash, scoped TProbe probe)
        where TProbe : struct, IKeyProbe, allows ref struct
    {
        var id = Find(hash, probe, out _);
        if (id >= 0)
            return id;
        return _directory.IsFull ? Full : Add(probe.ToKey<TKey>(), hash);
    }

    /// <summary>Gives a key an id, a released one first, and links it in. Under the lock.</summary>
    private int Add(TKey key, uint hash)
    {
        // Before any reader can find the key, and publish a slot with its id.
        if (_recorder is { } recorder)
            TellDefined(recorder, key);
        var id = _directory.Take();
        Volatile.Write(ref _chunks, _directory.Chunks);
        Texts?.Follow(Unsafe.As<KeyEntry<string>[][]>(_chunks));
        GrowBuckets(id);
        _directory.Occupy(id, key, hash);
        Link(id, hash);
        FileNew(key, id);
        return id;
    }

    /// <summary>Makes an entry one that is found. Under the lock.</summary>
    private void Link(int id, uint hash)
    {
        ref var entry = ref EntryAt(id);
        ref var head = ref _buckets.HeadOf(hash);

        // Both pair with the reads in Find: the entry is whole, then linked. A reader that stood on it when its id was
        // released may follow the new link, and then misses what it looks for.
        Volatile.Write(ref entry.Next, head);
        Volatile.Write(ref head, id + 1);
    }

    /// <summary>Keeps the chains short, now that there is this id. Under the lock.</summary>
    private void GrowBuckets(int id)
    {
        if (_buckets.Count >= Math.Min((long)BucketsPerKey * (id + 1), HashBuckets.MaxCount))
            return;
        for (var step = 0; step < BucketsPerStep; step++)
            Prefetch(_buckets.HeadToSplit(step));
        for (var step = 0; step < BucketsPerStep; step++)
        {
            if (_buckets.HeadToSplit(step) is var link and > 0)
                Prefetch(EntryAt(link - 1).Next);
        }

        for (var step = 0; step < BucketsPerStep; step++)
            Split();
    }

    /// <summary>Moves half of the oldest bucket that was not split yet to a new one. Under the lock.</summary>
    /// <remarks>
    /// Links only ever lead forward along the old chain, so a reader in the middle of it comes to an end; it may leave
    /// with the entries that move, and then misses the others.
    /// </remarks>
    private void Split()
    {
        ref var stayingTail = ref _buckets.Add(out var bit, out var added);
        ref var movingTail = ref _buckets.Head(added);
        var link = stayingTail;
        while (link != 0)
        {
            ref var entry = ref EntryAt(link - 1);
            var isMoving = (entry.Hash & bit) != 0;
            ref var tail = ref isMoving ? ref movingTail : ref stayingTail;

            // Pairs with the reads in Find.
            Volatile.Write(ref tail, link);
            link = entry.Next;
            if (isMoving)
                movingTail = ref entry.Next;
            else
                stayingTail = ref entry.Next;
        }

        Volatile.Write(ref stayingTail, 0);
        Volatile.Write(ref movingTail, 0);
    }

    // The chunks are read after the id, which was published after them: pairs with the writes in Add and Link.
    private ref KeyEntry<TKey> EntryAt(int keyId) => ref KeyDirectory<TKey>.EntryAt(_chunks, keyId);

    private static void ThrowUnlessText()
    {
        if (typeof(TKey) != typeof(string))
            KeyErrors.ThrowNotText(typeof(TKey));
    }

    // The guard of the framework takes an object, which boxes where the code is not optimized yet.
    private static void ThrowIfNull(TKey key)
    {
        if (key is null)
        {
            throw new ArgumentNullException(
                nameof(key), "A key cannot be null; give events without a key a key of their own.");
        }
    }

    private int InternLong(ReadOnlySpan<byte> utf8)
    {
        var chars = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            return Intern(chars.AsSpan(0, Encoding.UTF8.GetChars(utf8, chars)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }
}
