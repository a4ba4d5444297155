namespace DisruptorStream.Durability.Recording.Files;

/// <summary>Pages of bytes: what is given back is used again, so that files come and go without new memory.</summary>
/// <remarks>Any thread. What has been given back and is not used is kept, and so counts for its owner.</remarks>
internal sealed class MemoryPages
{
    /// <summary>The bytes of a page.</summary>
    public const int PageBytes = 1 << 14;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _free = new();
    private long _count;

    /// <summary>The bytes of all pages, those that are free too.</summary>
    // Pairs with the write in Take.
    public long Bytes => Volatile.Read(ref _count) * PageBytes;

    /// <summary>A page of zeros.</summary>
    /// <exception cref="IOException">There is no memory.</exception>
    public byte[] Take()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var page))
            {
                Array.Clear(page);
                return page;
            }

            try
            {
                page = new byte[PageBytes];
            }
            catch (OutOfMemoryException none)
            {
                throw new IOException(
                    $"There is no memory for more than the {_count} pages of {PageBytes} bytes that there are.", none);
            }

            Volatile.Write(ref _count, _count + 1);
            return page;
        }
    }

    /// <summary>Gives pages back.</summary>
    public void Return(List<byte[]> pages)
    {
        lock (_gate)
        {
            foreach (var page in pages)
                _free.Push(page);
        }

        pages.Clear();
    }
}
