namespace DisruptorStream.Durability.Files;

/// <summary>An open file.</summary>
/// <remarks>Reads and writes name their place. One thread writes; others may read and sync meanwhile.</remarks>
internal interface IFile : IDisposable
{
    /// <summary>Its bytes.</summary>
    long Length { get; }

    /// <summary>Reads up to as many bytes as there is room for; fewer only at the end of the file.</summary>
    /// <returns>How many were read.</returns>
    int Read(long offset, Span<byte> bytes);

    /// <summary>Writes all parts one after the other, or throws: then any part of them may be there.</summary>
    void Write(long offset, ReadOnlySpan<FilePart> parts);

    /// <summary>Makes it that long: cut off, or filled up with zeros.</summary>
    void SetLength(long length);

    /// <summary>
    /// Takes room on the disk for so many bytes, which read as zeros, without writing them: what is written there later
    /// needs no more of the disk.
    /// </summary>
    /// <returns>False where the system cannot, and nothing was done.</returns>
    bool TryReserve(long length) => false;

    /// <summary>
    /// Makes all that was written durable, bytes and length. Where it throws, what was written since the last time may
    /// be lost, whatever a later call says: the file must not be written any more.
    /// </summary>
    void Sync();
}
