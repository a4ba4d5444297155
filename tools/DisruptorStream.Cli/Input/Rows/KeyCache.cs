using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Cli.Input.Rows;

/// <summary>
/// Finds the ids of keys by their bytes: those that were seen lately, in front of the engine's own table.
/// </summary>
/// <remarks>
/// A key of 16 bytes or fewer lies in its entry; of a longer one the entry has a hash, and its bytes lie beside the
/// table. Both are emptied when they are full, so memory is bounded.
/// </remarks>
internal sealed unsafe class KeyCache
{
    private const int WordBytes = sizeof(ulong);
    private const int MostInline = 2 * WordBytes;
    private const int FirstEntries = 256;
    private const int MostEntries = 1 << 18;
    private const int MostTextBytes = 8 << 20;

    private readonly Func<byte[], int, int> _intern;
    private Entry[] _entries = new Entry[FirstEntries];
    private byte[] _texts = new byte[1024];
    private byte[] _scratch = new byte[256];
    private int _textBytes;
    private int _count;

    /// <param name="intern">Gives the id of a key that is not here: the bytes, and how many they are.</param>
    public KeyCache(Func<byte[], int, int> intern) => _intern = intern;

    /// <summary>Looks a key up here alone.</summary>
    /// <param name="key">Its first byte; <see cref="PaddedBytes.Padding"/> bytes behind it may be read.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="id">Its id.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(byte* key, int length, out int id)
    {
        Describe(key, length, out var first, out var second);
        var entries = _entries;
        var place = PlaceOf(first, second, entries.Length);
        while (true)
        {
            ref var entry = ref entries[place];
            if (entry.First == first && entry.Length == length + 1
                && (length <= MostInline ? entry.Second == second : IsText(in entry, key, length)))
            {
                id = entry.Id;
                return true;
            }

            if (entry.Length == 0)
            {
                id = 0;
                return false;
            }

            place = (place + 1) & (entries.Length - 1);
        }
    }

    /// <summary>Asks for the id of a key that is not here, and keeps it.</summary>
    public int Add(byte* key, int length)
    {
        if (_scratch.Length < length)
            _scratch = new byte[length];
        new ReadOnlySpan<byte>(key, length).CopyTo(_scratch);
        var id = _intern(_scratch, length);
        if (length > MostTextBytes / 16)
            return id;
        if (_count >= _entries.Length / 2)
            Grow();
        if (length > MostInline && _textBytes + length > MostTextBytes)
            Empty();
        Describe(key, length, out var first, out var second);
        if (length > MostInline)
            second = (ulong)Keep(key, length);
        Insert(_entries, new Entry { First = first, Second = second, Length = length + 1, Id = id });
        _count++;
        return id;
    }

    /// <summary>The words of a short key; the hash of a long one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Describe(byte* key, int length, out ulong first, out ulong second)
    {
        second = 0;
        if (length > MostInline)
        {
            first = XxHash3.HashToUInt64(new ReadOnlySpan<byte>(key, length));
            return;
        }

        first = Unsafe.ReadUnaligned<ulong>(key);
        if (length > WordBytes)
            second = Unsafe.ReadUnaligned<ulong>(key + WordBytes) & LowBytes(length - WordBytes);
        else
            first &= LowBytes(length);
    }

    private static ulong LowBytes(int count) => count == 0 ? 0 : ulong.MaxValue >> ((WordBytes - count) * 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlaceOf(ulong first, ulong second, int entries)
    {
        var mixed = Math.BigMul(first ^ 0x9E3779B97F4A7C15, second ^ 0xD6E8FEB86659FD93, out var low);
        mixed = (mixed ^ low) * 0x9E3779B97F4A7C15;
        return (int)(mixed >> 32) & (entries - 1);
    }

    private static void Insert(Entry[] entries, in Entry added)
    {
        // What lies at an offset is no part of the hash.
        var second = added.Length - 1 > MostInline ? 0 : added.Second;
        var place = PlaceOf(added.First, second, entries.Length);
        while (entries[place].Length != 0)
            place = (place + 1) & (entries.Length - 1);
        entries[place] = added;
    }

    private bool IsText(in Entry entry, byte* key, int length) =>
        _texts.AsSpan((int)entry.Second, length).SequenceEqual(new ReadOnlySpan<byte>(key, length));

    private int Keep(byte* key, int length)
    {
        if (_textBytes + length > _texts.Length)
            Array.Resize(ref _texts, Math.Max(_texts.Length * 2, _textBytes + length));
        new ReadOnlySpan<byte>(key, length).CopyTo(_texts.AsSpan(_textBytes));
        _textBytes += length;
        return _textBytes - length;
    }

    private void Grow()
    {
        if (_entries.Length == MostEntries)
        {
            Empty();
            return;
        }

        var larger = new Entry[_entries.Length * 4];
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (entry.Length != 0)
                Insert(larger, in entry);
        }

        _entries = larger;
    }

    private void Empty()
    {
        _entries.AsSpan().Clear();
        (_count, _textBytes) = (0, 0);
    }

    private struct Entry
    {
        public ulong First;
        public ulong Second;

        /// <summary>The length of the key and one more; 0 where there is none.</summary>
        public int Length;

        public int Id;
    }
}
