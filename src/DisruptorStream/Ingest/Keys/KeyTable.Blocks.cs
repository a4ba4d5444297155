using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Ingest.Keys.Probes;
using DisruptorStream.Ingest.Keys.Texts;

namespace DisruptorStream.Ingest.Keys;

/// <content>Many keys at a time.</content>
internal sealed partial class KeyTable<TKey>
{
    private const int BlockKeys = TextIndex.BlockKeys;

    /// <summary>As <c>Intern</c>, for one key after the other, inside one claim.</summary>
    /// <param name="keys">The keys; none is null.</param>
    /// <param name="ids">Where the ids go; <see cref="Full"/> for a new key when every id is taken.</param>
    /// <param name="done">How many were looked up: also where the user's own hash code or equality throws.</param>
    public void InternAll(ReadOnlySpan<TKey> keys, Span<int> ids, out int done)
    {
        done = 0;
        ids = ids[..keys.Length];
        if (StableHash.IsOf<TKey>() && !DirectIds.Suits<TKey>())
        {
            for (; done < keys.Length; done += BlockKeys)
            {
                var count = Math.Min(BlockKeys, keys.Length - done);
                InternBlock(keys.Slice(done, count), ids.Slice(done, count));
            }

            done = keys.Length;
            return;
        }

        while (true)
        {
            if (DirectIds.Suits<TKey>())
                done += FindAllDirectly(keys[done..], ids[done..]);
            if (done == keys.Length)
                return;
            ids[done] = Intern(keys[done]);
            done++;
        }
    }

    /// <summary>Finds the ids of integer keys up to the first that is not found directly; says how many.</summary>
    // It calls nothing and has no exceptions to mind, so that all it works with stays in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindAllDirectly(ReadOnlySpan<TKey> keys, Span<int> ids)
    {
        var slots = _direct.Slots;
        ids = ids[..keys.Length];
        var index = 0;
        for (; index < keys.Length; index++)
        {
            if (!DirectIds.TryCode(keys[index], out var code))
                break;
            var id = DirectIds.Find(slots, code);
            if (id < 0)
                break;
            ids[index] = id;
        }

        return index;
    }

    /// <summary>
    /// Looks for all hashes, then for all chains, then for all keys: each step waits for memory, and many of one kind
    /// wait together.
    /// </summary>
    /// <remarks>No loop of its own: a method that takes memory from the stack is compiled once, and for good.</remarks>
    private void InternBlock(ReadOnlySpan<TKey> keys, Span<int> ids)
    {
        Span<uint> hashes = stackalloc uint[BlockKeys];
        hashes = hashes[..keys.Length];
        if (Texts is { } texts)
        {
            ref var first = ref Unsafe.As<TKey, string>(ref MemoryMarshal.GetReference(keys));
            var strings = MemoryMarshal.CreateReadOnlySpan(ref first, keys.Length);
            if (texts.FindAll(strings, ids, hashes) < keys.Length)
                AddAll(strings, hashes, ids);
            return;
        }

        HashAll(keys, hashes);
        LinkAll(hashes, ids);
        InternAll(keys, hashes, ids);
    }

    /// <summary>Adds the keys that were not found: under one lock, unless their log is full.</summary>
    private void AddAll(ReadOnlySpan<string> keys, ReadOnlySpan<uint> hashes, Span<int> ids)
    {
        for (var done = 0; done < keys.Length;)
        {
            // As for one key.
            Volatile.Read(ref _recorder)?.WaitForRoom();
            lock (_gate)
                done = AddLocked(keys, hashes, ids, done);
        }
    }

    /// <summary>Returns how many are done.</summary>
    private int AddLocked(ReadOnlySpan<string> keys, ReadOnlySpan<uint> hashes, Span<int> ids, int done)
    {
        do
        {
            if (ids[done] < 0)
                ids[done] = FindOrAdd(hashes[done], new TextProbe(keys[done]));
        }
        while (++done < keys.Length && _recorder is not { IsFull: true });
        return done;
    }

    private static void HashAll(ReadOnlySpan<TKey> keys, Span<uint> hashes)
    {
        for (var index = 0; index < keys.Length; index++)
            hashes[index] = StableHash.Of(keys[index]);
    }

    private void LinkAll(ReadOnlySpan<uint> hashes, Span<int> links)
    {
        for (var index = 0; index < hashes.Length; index++)
        {
            // Pairs with the writes to heads, as in Find.
            var link = Volatile.Read(ref _buckets.HeadOf(hashes[index]));
            links[index] = link;
            Prefetch(link);
        }
    }

    /// <summary>Asks for the first entry of a chain; that it may move meanwhile does no harm.</summary>
    private unsafe void Prefetch(int link)
    {
        if (Sse.IsSupported && link != 0)
            Sse.Prefetch0(Unsafe.AsPointer(ref EntryAt(link - 1)));
    }

    /// <param name="keys">The keys.</param>
    /// <param name="hashes">Theirs.</param>
    /// <param name="links">Where their chains begin; replaced by their ids.</param>
    private void InternAll(ReadOnlySpan<TKey> keys, ReadOnlySpan<uint> hashes, Span<int> links)
    {
        for (var index = 0; index < keys.Length; index++)
        {
            var probe = new ExactProbe<TKey>(keys[index]);
            var id = FindFrom(links[index], hashes[index], probe, out _);
            links[index] = id >= 0 ? id : FindOrAddLocked(hashes[index], probe, isPinning: false, out _);
        }
    }
}
