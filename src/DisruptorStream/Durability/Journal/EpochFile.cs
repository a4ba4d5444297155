using System.Buffers.Binary;
using System.IO.Hashing;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Journal;

/// <summary>Remembers the newest epoch that durable sinks were told of, before they are told.</summary>
/// <remarks>
/// <para>The numbers of segments grow too, but a start may tell its sinks and end before the first segment of its own
/// is durable.</para>
/// <para>An epoch is a count with a mark behind it, which is drawn by lot. So two owners who begin with copies of one
/// directory have different epochs, and a sink takes the higher one only. Older releases wrote the count alone.</para>
/// </remarks>
internal sealed class EpochFile
{
    private const string Name = "epoch";
    private const string TemporaryName = Name + ".tmp";
    private const int Bytes = 2 * sizeof(long);
    private const int MarkBits = 20;

    private readonly IFileSystem _files;
    private readonly string _directory;

    /// <param name="files">The disk.</param>
    /// <param name="directory">The directory, which is there.</param>
    public EpochFile(IFileSystem files, string directory)
    {
        _files = files;
        _directory = directory;
    }

    /// <summary>Takes the next epoch, which is higher than all before. When this returns it is durable.</summary>
    /// <param name="atLeast">Its count is at least this.</param>
    /// <param name="mark">Its mark, of which the lowest bits count.</param>
    /// <exception cref="JournalException">What is remembered is damaged.</exception>
    /// <exception cref="IOException">The disk says no.</exception>
    public long TakeNext(long atLeast, uint mark)
    {
        var count = Math.Max(atLeast, (Read() >> MarkBits) + 1);
        var epoch = (count << MarkBits) | (mark & ((1 << MarkBits) - 1));
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
