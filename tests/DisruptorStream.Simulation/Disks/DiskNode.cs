namespace DisruptorStream.Simulation.Disks;

/// <summary>The bytes of one file: those in the page cache, and those on the disk.</summary>
/// <remarks>A page that has not changed since it was written is the same array in both.</remarks>
internal sealed class DiskNode
{
    public const int PageBytes = 4096;
    public const int SectorBytes = 512;

    private static readonly byte[] Zeros = new byte[PageBytes];

    private readonly Dictionary<long, byte[]> _durable = [];
    private readonly SortedSet<long> _dirty = [];
    private readonly List<long> _lengths = [];
    private Dictionary<long, byte[]> _cached = [];
    private long _durableLength;

    /// <param name="id">Which file of the disk it is, from 0 on.</param>
    public DiskNode(int id) => Id = id;

    public int Id { get; }

    /// <summary>How long the file is for those who read it.</summary>
    public long Length { get; private set; }

    /// <summary>The room that it takes.</summary>
    public long AllocatedBytes => (long)_cached.Count * PageBytes;

    public int Read(long offset, Span<byte> bytes)
    {
        var count = (int)Math.Clamp(Length - offset, 0, bytes.Length);
        for (var at = 0; at < count;)
        {
            var (page, within) = Math.DivRem(offset + at, PageBytes);
            var part = Math.Min(count - at, PageBytes - (int)within);
            PageOf(_cached, page).AsSpan((int)within, part).CopyTo(bytes[at..]);
            at += part;
        }

        return count;
    }

    /// <summary>How many more bytes the file would take with a write.</summary>
    public long GrowthOf(long offset, long length)
    {
        var pages = 0L;
        for (var page = offset / PageBytes; length > 0 && page <= (offset + length - 1) / PageBytes; page++)
            pages += _cached.ContainsKey(page) ? 0 : 1;
        return pages * PageBytes;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var (page, within) = Math.DivRem(offset + at, PageBytes);
            var part = Math.Min(bytes.Length - at, PageBytes - (int)within);
            bytes.Slice(at, part).CopyTo(Change(page).AsSpan((int)within));
            at += part;
        }

        if (bytes.Length > 0 && offset + bytes.Length > Length)
            ChangeLength(offset + bytes.Length);
    }

    public void SetLength(long length)
    {
        if (length < Length)
        {
            var (last, within) = Math.DivRem(length, PageBytes);
            foreach (var page in _cached.Keys.Where(page => page > last || (page == last && within == 0)).ToArray())
            {
                _cached.Remove(page);
                _dirty.Add(page);
            }

            if (within > 0 && _cached.ContainsKey(last))
                Change(last).AsSpan((int)within).Clear();
        }

        if (length != Length)
            ChangeLength(length);
    }

    /// <summary>All that was written is on the disk.</summary>
    public void Sync()
    {
        foreach (var page in _dirty)
            Store(page);
        _dirty.Clear();
        StoreLength(Length);
        _lengths.Clear();
    }

    /// <summary>
    /// A sync goes wrong: some pages are on the disk; the others are not, and nobody writes them any more. Who reads
    /// the file still sees them.
    /// </summary>
    public void FailSync(Random random)
    {
        StoreSome(random);
        _dirty.Clear();
    }

    /// <summary>The system writes some pages of its own accord.</summary>
    public void StoreSome(Random random)
    {
        foreach (var page in _dirty.Where(_ => random.Next(2) == 0).ToArray())
        {
            Store(page);
            _dirty.Remove(page);
        }
    }

    /// <summary>The power goes: what was not synced is there, or not, or in part, in any order.</summary>
    public void CutPower(Random random)
    {
        var kept = random.Next(4) switch { 0 => 0, 1 => 2, _ => -1 };
        foreach (var page in _dirty)
        {
            switch (kept >= 0 ? kept : random.Next(3))
            {
                case 1:
                    StoreTorn(page, random.Next(1, PageBytes / SectorBytes));
                    break;
                case 2:
                    Store(page);
                    break;
            }
        }

        _dirty.Clear();
        var length = random.Next(_lengths.Count + 1);
        StoreLength(length == 0 ? _durableLength : _lengths[length - 1]);
        Length = _durableLength;
        _lengths.Clear();
        _cached = new Dictionary<long, byte[]>(_durable);
    }

    /// <summary>Changes a bit, on the disk and, where it is the same there, in the cache.</summary>
    public void Flip(long bit)
    {
        var (page, within) = Math.DivRem(bit / 8, PageBytes);
        var before = PageOf(_durable, page);
        var after = (byte[])before.Clone();
        after[within] ^= (byte)(1 << (int)(bit % 8));
        if (ReferenceEquals(PageOf(_cached, page), before))
            _cached[page] = after;
        _durable[page] = after;
    }

    private static byte[] PageOf(Dictionary<long, byte[]> pages, long page) => pages.GetValueOrDefault(page, Zeros);

    private byte[] Change(long page)
    {
        var isOwn = !_dirty.Add(page) && _cached.ContainsKey(page);
        if (isOwn)
            return _cached[page];
        var copy = (byte[])PageOf(_cached, page).Clone();
        _cached[page] = copy;
        return copy;
    }

    private void ChangeLength(long length)
    {
        Length = length;
        _lengths.Add(length);
    }

    private void Store(long page)
    {
        if (_cached.TryGetValue(page, out var bytes))
            _durable[page] = bytes;
        else
            _durable.Remove(page);
    }

    private void StoreTorn(long page, int sectors)
    {
        var torn = (byte[])PageOf(_durable, page).Clone();
        PageOf(_cached, page).AsSpan(0, sectors * SectorBytes).CopyTo(torn);
        _durable[page] = torn;
    }

    private void StoreLength(long length)
    {
        _durableLength = length;
        var (last, within) = Math.DivRem(length, PageBytes);
        foreach (var page in _durable.Keys.Where(page => page > last || (page == last && within == 0)).ToArray())
            _durable.Remove(page);
        if (within == 0 || !_durable.TryGetValue(last, out var bytes)
            || !bytes.AsSpan((int)within).ContainsAnyExcept((byte)0))
        {
            return;
        }

        var cut = (byte[])bytes.Clone();
        cut.AsSpan((int)within).Clear();
        _durable[last] = cut;
    }
}
