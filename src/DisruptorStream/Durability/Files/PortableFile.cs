namespace DisruptorStream.Durability.Files;

/// <summary>A file of a <see cref="PortableFileSystem"/>.</summary>
internal sealed class PortableFile : HandleFile
{
    public PortableFile(string path, FileMode mode)
        : base(path, mode)
    {
    }

    public override void Write(long offset, ReadOnlySpan<FilePart> parts)
    {
        foreach (var part in parts)
        {
            RandomAccess.Write(Handle, part.Bytes, offset);
            offset += (long)part.Length;
        }
    }

    public override void Sync() => RandomAccess.FlushToDisk(Handle);
}
