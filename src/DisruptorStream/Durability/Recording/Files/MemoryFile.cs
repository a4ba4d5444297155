using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Recording.Files;

/// <summary>An open file of a <see cref="MemoryFileSystem"/>.</summary>
internal sealed class MemoryFile : IFile
{
    private readonly string _path;
    private MemoryNode? _node;

    public MemoryFile(string path, MemoryNode node)
    {
        node.Enter();
        _path = path;
        _node = node;
    }

    public long Length => Node.Length;

    private MemoryNode Node => _node ?? throw new ObjectDisposedException(_path);

    public int Read(long offset, Span<byte> bytes) => Node.Read(offset, bytes);

    public void Write(long offset, ReadOnlySpan<FilePart> parts)
    {
        var node = Node;
        foreach (var part in parts)
        {
            if (part.Length == 0)
                continue;
            node.Write(offset, part.Bytes);
            offset += (long)part.Length;
        }
    }

    public void SetLength(long length) => Node.SetLength(length);

    /// <summary>There is nothing that outlives the process.</summary>
    public void Sync() => _ = Node;

    public void Dispose() => Interlocked.Exchange(ref _node, null)?.Leave();
}
