using DisruptorStream.Durability.Files;
using Microsoft.Win32.SafeHandles;

namespace DisruptorStream.Durability.Inspection;

/// <summary>A file of a <see cref="ReadOnlyFileSystem"/>.</summary>
internal sealed class ReadOnlyFile : IFile
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    public ReadOnlyFile(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(long offset, Span<byte> bytes)
    {
        var total = 0;
        while (total < bytes.Length && RandomAccess.Read(_handle, bytes[total..], offset + total) is > 0 and var read)
            total += read;
        return total;
    }

    public void Write(long offset, ReadOnlySpan<FilePart> parts) =>
        throw ReadOnlyFileSystem.Refused("written", _path);

    public void SetLength(long length) => throw ReadOnlyFileSystem.Refused("cut", _path);

    public void Sync()
    {
    }

    public void Dispose() => _handle.Dispose();
}
