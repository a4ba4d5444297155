using System.Buffers.Binary;
using System.IO.Hashing;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Journal;

/// <summary>Remembers the newest epoch that durable sinks were told of, before they are told.</summary>
/// <remarks>
/// The numbers of segments grow too, but a start may tell its sinks and end before the first segment of its own is
/// durable.
/// </remarks>
internal sealed class EpochFile
{
    private const string Name = "epoch";
    private const string TemporaryName = Name + ".tmp";
    private const int Bytes = 2 * sizeof(long);

    private readonly IFileSystem _files;
    private readonly string _directory;

    /// <param name="files">The disk.</param>
    /// <param name="directory">The directory, which is there.</param>
    public EpochFile(IFileSystem files, string directory)
    {
        _files = files;
        _directory = directory;
    }

    /// <summary>Takes the next epoch. When this returns it is durable.</summary>
    /// <param name="atLeast">It is at least this.</param>
    /// <exception cref="JournalException">What is remembered is damaged.</exception>
    /// <exception cref="IOException">The disk says no.</exception>
    public long TakeNext(long atLeast)
    {
        var epoch = Math.Max(atLeast, Read() + 1);
        Write(epoch);
        return epoch;
    }

    private static ulong HashOf(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes[..sizeof(long)]);

    private long Read()
    {
        try
        {
            using var file = _files.Open(Path.Combine(_directory, Name));
            Span<byte> bytes = stackalloc byte[Bytes];
            if (file.Read(0, bytes) == Bytes
                && BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(long)..]) == HashOf(bytes))
            {
                return BinaryPrimitives.ReadInt64LittleEndian(bytes);
            }

            throw new JournalException(
                $"The file '{Path.Combine(_directory, Name)}' is damaged, which says what the durable sinks were told "
                + "last; delete it where no other process has the sinks: then they refuse, or take, the next number of "
                + "the journal.");
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private unsafe void Write(long epoch)
    {
        var temporary = Path.Combine(_directory, TemporaryName);
        _files.DeleteLeftOver(temporary);
        var bytes = stackalloc byte[Bytes];
        var span = new Span<byte>(bytes, Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(span, epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(span[sizeof(long)..], HashOf(span));
        using (var file = _files.Create(temporary))
        {
            file.Write(0, [new FilePart((nint)bytes, Bytes)]);
            file.Sync();
        }

        _files.Rename(temporary, Path.Combine(_directory, Name));
        _files.SyncDirectory(_directory);
    }
}
