using System.Numerics;
using System.Runtime.CompilerServices;

namespace DisruptorStream.State.Memory.Copying;

/// <summary>A table as it is at one slot: its pages are copied, each before it changes for the first time.</summary>
/// <remarks>
/// A page is up to 64 ids in a row, and fewer where their records are long: so that a copy takes little time. The
/// thread that owns the table copies; the copies are found by another one, in <see cref="Places"/>.
/// </remarks>
internal sealed unsafe class FrozenTable
{
    private const int MostShift = 6;
    private const int LeastShift = 3;
    private const int PageBytes = 32 * 1024;
    private const int BitsPerWord = 64;

    // What a page costs at least, in bytes: in a hash each of its ids is looked up.
    private const int LeastCost = 512;

    private readonly KeyedTable _table;
    private readonly RecordFormat _format;
    private readonly ShardCopy _copy;
    private readonly int _number;
    private readonly ulong[] _copied;
    private int _next;
    private int _left;

    /// <param name="table">The table.</param>
    /// <param name="format">How its records are saved.</param>
    /// <param name="copy">Where copies go.</param>
    /// <param name="number">Its number there.</param>
    public FrozenTable(KeyedTable table, RecordFormat format, ShardCopy copy, int number)
    {
        _table = table;
        _format = format;
        _copy = copy;
        _number = number;
        var mostBytes = table.RecordBytes + Math.Min(format.MostBlockBytes, PageBytes / 2);
        Shift = Math.Clamp(BitOperations.Log2((uint)(PageBytes / mostBytes)), LeastShift, MostShift);
        PageCount = (table.KeyRange + KeysPerPage - 1) >> Shift;
        _left = PageCount;
        _copied = new ulong[(PageCount + BitsPerWord - 1) / BitsPerWord];
    }

    /// <summary>The binary logarithm of <see cref="KeysPerPage"/>.</summary>
    public int Shift { get; }

    public int KeysPerPage => 1 << Shift;

    public int PageCount { get; }

    /// <summary>The length of a record in memory.</summary>
    public int RecordBytes => _table.RecordBytes;

    /// <summary>Whether all pages are copied.</summary>
    public bool IsWhole => _left == 0;

    /// <summary>Which keys each page has; null where none has any. Of the thread that writes.</summary>
    public ulong[]? Keys { get; private set; }

    /// <summary>Where the copy of each page is. Of the thread that writes.</summary>
    public CopyPlace[]? Places { get; private set; }

    /// <summary>Has the copies. Of the thread that writes.</summary>
    public CopyStore Store => _copy.Store!;

    /// <summary>The record of a key is about to change, to come or to go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(int keyId)
    {
        var page = keyId >> Shift;
        if (page < PageCount && (_copied[page / BitsPerWord] >> page & 1) == 0)
            Copy(page);
    }

    /// <summary>Copies pages that are not yet; true once all are.</summary>
    /// <param name="budget">How many bytes; what is left of it.</param>
    /// <param name="isForced">Whether to go on where there is no room ready.</param>
    public bool TryCopy(ref int budget, bool isForced = false)
    {
        for (; _next < PageCount; _next++)
        {
            if ((_copied[_next / BitsPerWord] >> _next & 1) != 0)
                continue;
            if (budget <= 0 || !(isForced || _copy.HasRoom))
                return false;
            budget -= Copy(_next);
        }

        return true;
    }

    /// <summary>A copy is there. On the thread that writes.</summary>
    public void OnCopied(int page, in CopyPlace place)
    {
        Keys ??= new ulong[PageCount];
        Places ??= new CopyPlace[PageCount];
        Span<byte> keys = stackalloc byte[sizeof(ulong)];
        Store.Read(place with { Length = sizeof(ulong) }, keys);
        Keys[page] = BitConverter.ToUInt64(keys);
        Places[page] = new CopyPlace(place.Block, place.Offset + sizeof(ulong), place.Length - sizeof(ulong));
    }

    /// <summary>Returns about how many bytes that took.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Copy(int page)
    {
        _copied[page / BitsPerWord] |= 1UL << page;
        _left--;
        var first = page << Shift;
        var keys = _table.KeysAt(first, KeysPerPage);
        if (keys == 0 || _copy.IsAbandoned)
            return LeastCost;
        var length = sizeof(ulong) + (_format.IsPlain
            ? BitOperations.PopCount(keys) * RecordBytes
            : _copy.Capture.Take(_table, _format, first, keys));
        var entry = _copy.Log.Add(_number, page, length);
        Unsafe.WriteUnaligned(ref entry[0], keys);
        if (_format.IsPlain)
            _table.CopyRecords(first, keys, entry[sizeof(ulong)..]);
        else
            _copy.Capture.Written.CopyTo(entry[sizeof(ulong)..]);
        return Math.Max(length, LeastCost);
    }
}
