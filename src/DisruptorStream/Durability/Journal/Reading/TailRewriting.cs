using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>Writes again what a journal holds and was never told to be durable.</summary>
/// <remarks>
/// Where a sync fails, the system may keep the pages in its cache as if they were on the disk, and a later sync, also
/// of another process, finds nothing to do and succeeds. So what is read may not be there after a power cut, however it
/// is synced. Written again it is new to the system, and the sync means it.
/// </remarks>
internal static unsafe class TailRewriting
{
    private const int ChunkBytes = 1 << 20;

    /// <param name="files">The disk.</param>
    /// <param name="contents">What was found; nobody else writes it.</param>
    /// <exception cref="JournalException">The disk failed.</exception>
    public static void Run(IFileSystem files, JournalContents contents)
    {
        var segments = contents.Segments;
        for (var index = segments.Length - 1; index >= 0; index--)
        {
            // By frames: the last ones of a segment may be without a slot.
            if (index < segments.Length - 1 && segments[index + 1].Header.FirstOrdinal <= contents.DurableOrdinal + 1)
                return;
            WriteAgain(files, segments[index]);
        }
    }

    private static void WriteAgain(IFileSystem files, JournalSegment segment)
    {
        try
        {
            using var file = files.Open(segment.Path);
            var bytes = new PinnedBytes(ChunkBytes);
            for (var offset = 0L; offset < segment.EndOffset;)
            {
                var wanted = (int)Math.Min(ChunkBytes, segment.EndOffset - offset);
                var read = file.Read(offset, new Span<byte>(bytes.Address, wanted));
                if (read == 0)
                    break;
                file.Write(offset, [new FilePart((nint)bytes.Address, (nuint)read)]);
                offset += read;
            }

            file.Sync();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"The end of the journal in '{segment.Path}' cannot be made durable: {error.Message} See to the "
                + "disk, then start again.",
                error);
        }
    }
}
