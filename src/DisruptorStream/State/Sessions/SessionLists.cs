using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Sessions;

/// <summary>The sessions of each key as a list that goes back in time.</summary>
/// <remarks>
/// A key may have many: where the watermark stays far behind the events, each of its sessions waits in the list. So
/// what a session that is opened at the front, counted or taken out costs does not grow with the list.
/// </remarks>
internal sealed unsafe class SessionLists : IDisposable
{
    private const int None = -1;

    private readonly SlabPool _records;
    private readonly Session* _empty;
    private Session** _newest;
    private KeyList* _lists;
    private int _count;

    // The session after each one, by its index; known of those that are not their key's newest.
    private int* _later;
    private int _laterCount;

    /// <param name="records">Where the sessions lie.</param>
    public SessionLists(SlabPool records)
    {
        _records = records;
        _empty = (Session*)NativeMemory.AllocZeroed((nuint)sizeof(Session));
    }

    /// <summary>
    /// The newest session of each key, of <see cref="Count"/> keys; one that holds no time for none. Valid until the
    /// next session is opened.
    /// </summary>
    public Session** Newest => _newest;

    /// <summary>Of how many keys there are lists.</summary>
    public int Count => _count;

    public long BytesReserved =>
        ((long)_count * (sizeof(KeyList) + sizeof(Session*))) + ((long)_laterCount * sizeof(int));

    /// <summary>The newest session of the key; -1 for none. The others follow, back in time.</summary>
    public int HeadOf(int keyId) => keyId < _count ? _lists[keyId].Head : None;

    /// <summary>How many sessions the key has.</summary>
    public int CountOf(int keyId) => keyId < _count ? _lists[keyId].Count : 0;

    /// <summary>The session of the same key that comes after one; -1 for none.</summary>
    public int LaterOf(int index) => HeadOf(At(index)->KeyId) == index ? None : _later[index];

    /// <summary>
    /// Lets what leads to the key's sessions come nearer: one of them is soon to be opened or closed.
    /// </summary>
    public void Prefetch(int keyId)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(_lists + keyId);
        Sse.Prefetch0(_newest + keyId);
    }

    /// <summary>Puts a session in its place, by its bounds; looks from the newest on.</summary>
    public void Insert(int index)
    {
        var session = At(index);
        if (session->KeyId >= _count)
            Grow(session->KeyId);
        var list = _lists + session->KeyId;
        var later = None;
        var earlier = list->Head;
        while (earlier >= 0 && IsAfter(At(earlier), session->StartTicks, session->EndTicks))
        {
            later = earlier;
            earlier = At(earlier)->Next;
        }

        Link(list, later, index, earlier);
    }

    /// <summary>Puts a session behind one, the oldest of their key; at the front where there is none.</summary>
    /// <param name="oldest">The oldest; -1 for none.</param>
    /// <param name="index">The session.</param>
    public void Append(int oldest, int index)
    {
        var keyId = At(index)->KeyId;
        if (keyId >= _count)
            Grow(keyId);
        Link(_lists + keyId, oldest, index, None);
    }

    /// <summary>Takes a session out.</summary>
    public void Remove(int index)
    {
        var session = At(index);
        var list = _lists + session->KeyId;
        list->Count--;
        if (list->Head == index)
        {
            list->Head = session->Next;
            _newest[session->KeyId] = session->Next < 0 ? _empty : At(session->Next);
            return;
        }

        var later = _later[index];
        At(later)->Next = session->Next;
        if (session->Next >= 0)
            _later[session->Next] = later;
    }

    /// <summary>Whether a session lies after a window in the order of a key's list, which goes back in time.</summary>
    public static bool IsAfter(Session* session, long startTicks, long endTicks) =>
        session->StartTicks > startTicks || (session->StartTicks == startTicks && session->EndTicks > endTicks);

    /// <summary>That the lists are whole, both ways.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        for (var keyId = 0; keyId < _count; keyId++)
        {
            var (later, count) = (None, 0);
            for (var index = _lists[keyId].Head; index >= 0; index = At(index)->Next)
            {
                Invariant.Require(At(index)->KeyId == keyId, "A session is in the list of its key.");
                Invariant.Require(later < 0 || _later[index] == later, "A session knows the one after it.");
                later = index;
                count++;
            }

            var head = _lists[keyId].Head;
            Invariant.Require(_newest[keyId] == (head < 0 ? _empty : At(head)), "The newest is the head.");
            Invariant.Require(_lists[keyId].Count == count, "The sessions of a key are counted.");
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_lists);
        NativeMemory.Free(_newest);
        NativeMemory.Free(_later);
        NativeMemory.Free(_empty);
        _lists = null;
        _newest = null;
        _later = null;
        _count = 0;
        _laterCount = 0;
    }

    private Session* At(int index) => (Session*)_records[index];

    private void Link(KeyList* list, int later, int index, int earlier)
    {
        var session = At(index);
        session->Next = earlier;
        list->Count++;
        if (later >= 0)
        {
            At(later)->Next = index;
            NoteLater(index, later);
        }
        else
        {
            list->Head = index;
            _newest[session->KeyId] = session;
        }

        if (earlier >= 0)
            NoteLater(earlier, index);
    }

    private void NoteLater(int index, int later)
    {
        if (index >= _laterCount)
        {
            _laterCount = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, index + 1));
            _later = (int*)NativeMemory.Realloc(_later, (nuint)_laterCount * sizeof(int));
        }

        _later[index] = later;
    }

    private void Grow(int keyId)
    {
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, keyId + 1));
        _lists = (KeyList*)NativeMemory.Realloc(_lists, (nuint)count * (nuint)sizeof(KeyList));
        _newest = (Session**)NativeMemory.Realloc(_newest, (nuint)count * (nuint)sizeof(Session*));
        new Span<KeyList>(_lists + _count, count - _count).Fill(new KeyList { Head = None });
        new Span<nint>(_newest + _count, count - _count).Fill((nint)_empty);
        _count = count;
    }

    private struct KeyList
    {
        public int Head;
        public int Count;
    }
}
