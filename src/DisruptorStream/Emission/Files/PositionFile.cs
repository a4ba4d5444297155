using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using DisruptorStream.Durability.Files;
using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Emission.Files;

/// <summary>The small file beside a target that says how far it has come, and whose it is.</summary>
/// <remarks>
/// It has two slots, which are written in turn, each with a checksum: where a write of one is torn, the other one still
/// says what was so before. The slots lie in blocks of the disk of their own.
/// </remarks>
internal sealed class PositionFile : IDisposable
{
    private const int SlotBytes = 88;
    private const int SlotDistance = 4096;
    private const int ChecksumOffset = 80;
    private const int StreamIdLength = 32;

    private readonly IFile _file;
    private readonly byte[] _slot = GC.AllocateArray<byte>(SlotBytes, pinned: true);

    private PositionFile(IFile file) => _file = file;

    private static ReadOnlySpan<byte> Magic => "DSPOSIT1"u8;

    /// <summary>Opens the file, or makes an empty one whose name is durable.</summary>
    public static PositionFile Open(IFileSystem files, string path)
    {
        try
        {
            return new PositionFile(files.Open(path));
        }
        catch (FileNotFoundException)
        {
            var made = new PositionFile(files.Create(path));
            files.SyncDirectory(Path.GetDirectoryName(path)!);
            return made;
        }
    }

    /// <summary>Tells processors and queries apart.</summary>
    public static ulong HashOf(DurableSinkOwner owner) =>
        XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{owner.ProcessorName}\0{owner.QueryName}"));

    /// <summary>The newest position; null where there is none that is whole.</summary>
    public FilePosition? Read()
    {
        var (first, second) = (Read(0), Read(SlotDistance));
        return first is null || second?.Generation > first.Value.Generation ? second : first;
    }

    /// <summary>Writes a position in the place of the older one, and syncs it.</summary>
    public void Write(in FilePosition position)
    {
        var slot = _slot.AsSpan();
        slot.Clear();
        Magic.CopyTo(slot);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], position.Generation);
        BinaryPrimitives.WriteInt64LittleEndian(slot[16..], position.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(slot[24..], position.Number);
        BinaryPrimitives.WriteInt64LittleEndian(slot[32..], position.Length);
        Encoding.ASCII.GetBytes(position.StreamId, slot.Slice(40, StreamIdLength));
        BinaryPrimitives.WriteUInt64LittleEndian(slot[72..], position.OwnerHash);
        BinaryPrimitives.WriteUInt64LittleEndian(
            slot[ChecksumOffset..], XxHash64.HashToUInt64(slot[..ChecksumOffset]));
        var place = position.Generation % 2 * SlotDistance;
        _file.Write(place, [new FilePart(Marshal.UnsafeAddrOfPinnedArrayElement(_slot, 0), SlotBytes)]);
        _file.Sync();
    }

    public void Dispose() => _file.Dispose();

    private FilePosition? Read(long offset)
    {
        Span<byte> slot = stackalloc byte[SlotBytes];
        if (_file.Read(offset, slot) < SlotBytes
            || !slot.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt64LittleEndian(slot[ChecksumOffset..])
                != XxHash64.HashToUInt64(slot[..ChecksumOffset]))
        {
            return null;
        }

        return new FilePosition(
            BinaryPrimitives.ReadInt64LittleEndian(slot[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[32..]),
            Encoding.ASCII.GetString(slot.Slice(40, StreamIdLength).TrimEnd((byte)0)),
            BinaryPrimitives.ReadUInt64LittleEndian(slot[72..]));
    }
}
