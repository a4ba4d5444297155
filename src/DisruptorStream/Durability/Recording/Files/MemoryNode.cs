namespace DisruptorStream.Durability.Recording.Files;

/// <summary>The bytes of a file in memory, whoever has it open and whatever its name is.</summary>
/// <remarks>Any thread: a lock is held while bytes are copied.</remarks>
internal sealed class MemoryNode
{
    private readonly Lock _gate = new();
    private readonly MemoryPages _pages;
    private readonly List<byte[]> _own = [];
    private long _length;
    private int _users;
    private bool _isDeleted;

    public MemoryNode(MemoryPages pages) => _pages = pages;

    /// <summary>Its bytes.</summary>
    public long Length
    {
        get
        {
            lock (_gate)
                return _length;
        }
    }

    /// <summary>Somebody opens it.</summary>
    public void Enter()
    {
        lock (_gate)
            _users++;
    }

    /// <summary>Somebody closes it.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _users--;
            FreeIfUnused();
        }
    }

    /// <summary>It has no name any more: its pages are free once nobody has it open.</summary>
    public void Delete()
    {
        lock (_gate)
        {
            _isDeleted = true;
            FreeIfUnused();
        }
    }

    public int Read(long offset, Span<byte> bytes)
    {
        lock (_gate)
        {
            var count = (int)Math.Clamp(_length - offset, 0, bytes.Length);
            for (var done = 0; done < count;)
            {
                var (page, at) = Math.DivRem(offset + done, MemoryPages.PageBytes);
                var part = (int)Math.Min(count - done, MemoryPages.PageBytes - at);
                _own[(int)page].AsSpan((int)at, part).CopyTo(bytes[done..]);
                done += part;
            }

            return count;
        }
    }

    /// <exception cref="IOException">There is no memory.</exception>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            Grow(offset + bytes.Length);
            while (!bytes.IsEmpty)
            {
                var (page, at) = Math.DivRem(offset, MemoryPages.PageBytes);
                var part = (int)Math.Min(bytes.Length, MemoryPages.PageBytes - at);
                bytes[..part].CopyTo(_own[(int)page].AsSpan((int)at));
                bytes = bytes[part..];
                offset += part;
            }
        }
    }

    /// <exception cref="IOException">There is no memory.</exception>
    public void SetLength(long length)
    {
        lock (_gate)
        {
            if (length < _length)
                Cut(length);
            Grow(length);
        }
    }

    private void Grow(long length)
    {
        while ((long)_own.Count * MemoryPages.PageBytes < length)
            _own.Add(_pages.Take());
        _length = Math.Max(_length, length);
    }

    // Behind the end there are zeros, for when it grows again.
    private void Cut(long length)
    {
        var needed = (int)((length + MemoryPages.PageBytes - 1) / MemoryPages.PageBytes);
        if (needed < _own.Count)
        {
            _pages.Return(_own[needed..]);
            _own.RemoveRange(needed, _own.Count - needed);
        }

        var inLast = (int)(length % MemoryPages.PageBytes);
        if (inLast > 0)
            Array.Clear(_own[^1], inLast, MemoryPages.PageBytes - inLast);
        _length = length;
    }

    private void FreeIfUnused()
    {
        if (!_isDeleted || _users > 0)
            return;
        _pages.Return(_own);
        _length = 0;
    }
}
