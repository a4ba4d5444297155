using Microsoft.Win32.SafeHandles;

namespace DisruptorStream.Durability.Files;

/// <summary>A file of the system. How it is written and synced is another matter on each system.</summary>
internal abstract class HandleFile : IFile
{
    /// <param name="path">Where it is, for messages.</param>
    /// <param name="mode">Whether it must be there.</param>
    protected HandleFile(string path, FileMode mode)
    {
        Path = path;
        Handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    public long Length => RandomAccess.GetLength(Handle);

    protected string Path { get; }

    protected SafeFileHandle Handle { get; }

    public int Read(long offset, Span<byte> bytes)
    {
        var total = 0;
        while (total < bytes.Length)
        {
            var read = RandomAccess.Read(Handle, bytes[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    public abstract void Write(long offset, ReadOnlySpan<FilePart> parts);

    public void SetLength(long length) => RandomAccess.SetLength(Handle, length);

    public virtual bool TryReserve(long length) => false;

    public abstract void Sync();

    public void Dispose() => Handle.Dispose();
}
