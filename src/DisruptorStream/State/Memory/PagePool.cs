using System.Runtime.InteropServices;
using DisruptorStream.Rings.Machine;

namespace DisruptorStream.State.Memory;

/// <summary>Native memory in pages of 64 records, cut from slabs and recycled for ever.</summary>
/// <remarks>
/// One thread. Pages lie on 64-byte boundaries and come with whatever content they had. The memory goes back to the
/// system when the pool is disposed; pages that are still held are of no use then.
/// </remarks>
internal sealed unsafe class PagePool : IDisposable
{
    public const int RecordsPerPage = 64;

    private const int AlignmentBytes = 64;
    private const int MaxSlabBytes = 256 * 1024;
    private const int MaxLoadedSlabBytes = 16 * 1024 * 1024;

    private readonly List<nint> _slabs = [];
    private readonly List<KeyedTable> _tables = [];
    private byte* _free;
    private byte* _fresh;
    private byte* _freshEnd;
    private long _slabBytes;
    private long _arrayBytes;
    private bool _disposed;

    /// <param name="recordBytes">The size of a record: a multiple of 8, at most 4096.</param>
    public PagePool(int recordBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(recordBytes, sizeof(long));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(recordBytes, MaxSlabBytes / RecordsPerPage);
        ArgumentOutOfRangeException.ThrowIfNotEqual(recordBytes % sizeof(long), 0, nameof(recordBytes));
        RecordBytes = recordBytes;
    }

    public int RecordBytes { get; }

    public int PageBytes => RecordBytes * RecordsPerPage;

    /// <summary>All memory taken from the system, in use or not; that of the tables' arrays as well.</summary>
    public long BytesReserved => _slabBytes + _arrayBytes;

    public int PagesInUse { get; private set; }

    /// <summary>
    /// Whether many records come at once, before anything runs: then memory may take its time to get, and comes in
    /// larger slabs.
    /// </summary>
    public bool IsLoading { get; set; }

    /// <summary>Takes a page, from the free ones if there are any.</summary>
    public byte* Rent()
    {
        PagesInUse++;
        if (_free != null)
        {
            var page = _free;
            _free = *(byte**)page;
            return page;
        }

        if (_fresh == _freshEnd)
            AddSlab();
        var fresh = _fresh;
        _fresh += PageBytes;
        return fresh;
    }

    /// <summary>Gives a page back; its first 8 bytes are overwritten at once.</summary>
    public void Return(byte* page)
    {
        if (_disposed)
            return;

        *(byte**)page = _free;
        _free = page;
        PagesInUse--;
    }

    /// <summary>The table's own memory is freed with the pool's. A table lives as long as its pool.</summary>
    public void Own(KeyedTable table) => _tables.Add(table);

    /// <summary>Memory that a table has taken beside the pages, or given back.</summary>
    public void Account(long bytes) => _arrayBytes += bytes;

    public void Dispose()
    {
        if (_disposed)
            return;

        foreach (var table in _tables)
            table.Dispose();
        _disposed = true;
        foreach (var slab in _slabs)
            NativeMemory.AlignedFree((void*)slab);
        _slabs.Clear();
        _free = _fresh = _freshEnd = null;
        _slabBytes = 0;
    }

    private void AddSlab()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        // Slabs double up to their limit, so that a processor with three keys does not reserve what one with a
        // million needs.
        var most = IsLoading ? MaxLoadedSlabBytes : MaxSlabBytes;
        var pages = Math.Clamp(_slabBytes / PageBytes, 1, most / PageBytes);
        var slabBytes = pages * PageBytes;
        var isLarge = slabBytes >= MemoryPages.LargeBytes;
        _fresh = (byte*)NativeMemory.AlignedAlloc(
            (nuint)slabBytes, (nuint)(isLarge ? MemoryPages.LargeBytes : AlignmentBytes));
        if (isLarge)
            MemoryPages.AskForLarge((nint)_fresh, (nuint)slabBytes);
        _freshEnd = _fresh + slabBytes;
        _slabs.Add((nint)_fresh);
        _slabBytes += slabBytes;
    }
}
