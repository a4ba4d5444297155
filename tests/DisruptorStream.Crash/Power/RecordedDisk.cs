namespace DisruptorStream.Crash.Power;

/// <summary>A disk in memory that remembers each write and each flush in their order. Any thread.</summary>
internal sealed class RecordedDisk
{
    // A disk writes a sector as a whole; ext4 asks for no more.
    private const int SectorBytes = 4096;

    private readonly Lock _gate = new();
    private readonly byte[] _bytes;
    private readonly List<Entry> _log = [];

    /// <param name="bytes">Its size.</param>
    public RecordedDisk(int bytes) => _bytes = new byte[bytes];

    public long Length => _bytes.Length;

    /// <summary>How many writes and flushes there have been.</summary>
    public int Position
    {
        get
        {
            lock (_gate)
                return _log.Count;
        }
    }

    public void Read(long offset, Span<byte> bytes)
    {
        lock (_gate)
            _bytes.AsSpan((int)offset, bytes.Length).CopyTo(bytes);
    }

    /// <param name="offset">Where.</param>
    /// <param name="bytes">What.</param>
    /// <param name="isForced">Whether it outlives the power from its reply on.</param>
    public void Write(long offset, byte[] bytes, bool isForced)
    {
        lock (_gate)
        {
            bytes.CopyTo(_bytes.AsSpan((int)offset));
            _log.Add(new Entry(offset, bytes, isForced));
        }
    }

    public void Flush()
    {
        lock (_gate)
            _log.Add(new Entry(0, null, IsForced: true));
    }

    /// <summary>What is on the disk when the power went at a place of the log.</summary>
    /// <param name="position">How many writes and flushes there were.</param>
    /// <param name="random">Chooses which sectors are there of what was not flushed.</param>
    public byte[] ImageAt(int position, Random random)
    {
        lock (_gate)
        {
            var image = new byte[_bytes.Length];
            var flushed = _log.FindLastIndex(position - 1, entry => entry.Bytes is null);

            // All, none, or some of it.
            var keeps = random.Next(4) switch { 0 => 0, 1 => 100, _ => random.Next(1, 100) };
            for (var at = 0; at < position; at++)
            {
                if (_log[at] is not { Bytes: { } bytes } entry)
                    continue;
                for (var done = 0; done < bytes.Length; done += SectorBytes)
                {
                    if (at < flushed || entry.IsForced || random.Next(100) < keeps)
                    {
                        var count = Math.Min(SectorBytes, bytes.Length - done);
                        bytes.AsSpan(done, count).CopyTo(image.AsSpan((int)entry.Offset + done));
                    }
                }
            }

            return image;
        }
    }

    private sealed record Entry(long Offset, byte[]? Bytes, bool IsForced);
}
