using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

namespace DisruptorStream.Durability.Snapshots;

/// <summary>What stands before the content of a snapshot, little endian.</summary>
/// <remarks>
/// <para>Magic (8), format version (4), length of the header (4), length of the content (8), hash of the content (8);
/// stream id (16), sequence (8), plan (16), ticks (8), version of the time zones, release; number of queries (4), and
/// of each its name and number (8); the journal's ordinal (8); number of what has arrived (4), and each of those (8);
/// number of queries (4), and of each its dropped events (8); length of the recorded plan (4), and the plan; hash of
/// all that before it (8). A text has its length in bytes before it (4). Versions to come keep the first three and the
/// last.</para>
/// <para>Hashes are XxHash3-64. The hash of the header covers that of the content, so it stands for the whole: of
/// a file whose bytes came to the disk in part, or in another order, nothing passes.</para>
/// </remarks>
internal sealed record SnapshotHeader(SnapshotInfo Info, int LengthBytes, long ContentBytes, ulong ContentHash)
{
    public const int Version = 2;

    private const ulong Magic = 0x0A1A_5041_4E53_5344;
    private const int PrefixBytes = 16;
    private const int HashBytes = sizeof(ulong);
    private const int LeastBytes = 116 + HashBytes;
    private const int MostBytes = 1 << 24;

    /// <summary>The bytes of a header; their number depends on the info alone.</summary>
    public static byte[] Write(SnapshotInfo info, long contentBytes, ulong contentHash)
    {
        var output = new ArrayBufferWriter<byte>();
        AddInt64(output, Magic);
        AddInt32(output, info.FormatVersion);
        AddInt32(output, 0);
        AddInt64(output, (ulong)contentBytes);
        AddInt64(output, contentHash);
        BinaryPrimitives.WriteUInt128LittleEndian(output.GetSpan(16), info.StreamId);
        output.Advance(16);
        AddInt64(output, (ulong)info.Sequence);
        AddInt64(output, info.Plan.High);
        AddInt64(output, info.Plan.Low);
        AddInt64(output, (ulong)info.TakenTicks);
        AddText(output, info.TimeZoneVersion);
        AddText(output, info.Release);
        AddInt32(output, info.Results.Count);
        foreach (var (query, number) in info.Results)
        {
            AddText(output, query);
            AddInt64(output, (ulong)number);
        }

        AddInt64(output, (ulong)info.JournalOrdinal);
        AddInt32(output, info.Arrived.Count);
        foreach (var number in info.Arrived)
            AddInt64(output, (ulong)number);
        AddInt32(output, info.Dropped.Count);
        foreach (var number in info.Dropped)
            AddInt64(output, (ulong)number);
        AddInt32(output, info.PlanRecord.Length);
        output.Write(info.PlanRecord.Span);
        var bytes = new byte[output.WrittenCount + HashBytes];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MostBytes, nameof(info));
        output.WrittenSpan.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes.AsSpan(bytes.Length - HashBytes), XxHash3.HashToUInt64(bytes.AsSpan(0, bytes.Length - HashBytes)));
        return bytes;
    }

    /// <summary>How long the header is that begins like this.</summary>
    /// <param name="prefix">The first bytes of the file, 16 or more where it is that long.</param>
    /// <exception cref="StateException">It is no header.</exception>
    public static int LengthOf(ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length < PrefixBytes || BinaryPrimitives.ReadUInt64LittleEndian(prefix) != Magic)
            throw new StateException("it does not begin like a snapshot");
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix[12..]);
        return length is >= LeastBytes and <= MostBytes
            ? length
            : throw new StateException("its header is damaged: the length of it cannot be right");
    }

    /// <summary>Reads a whole header.</summary>
    /// <exception cref="StateException">It is damaged, or of a newer release.</exception>
    public static SnapshotHeader Read(ReadOnlySpan<byte> bytes)
    {
        var hashed = bytes[..^HashBytes];
        if (XxHash3.HashToUInt64(hashed) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[^HashBytes..]))
            throw new StateException("its header is damaged: the checksum is wrong");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != Version)
            throw new StateException($"it has format {version}, and this release reads {Version}");
        var contentBytes = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        var contentHash = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        var rest = hashed[(PrefixBytes + 16)..];
        var streamId = BinaryPrimitives.ReadUInt128LittleEndian(Take(ref rest, 16));
        var sequence = (long)TakeInt64(ref rest);
        var plan = new Fingerprint(TakeInt64(ref rest), TakeInt64(ref rest));
        var takenTicks = (long)TakeInt64(ref rest);
        var zones = TakeText(ref rest);
        var release = TakeText(ref rest);
        var results = new List<QueryNumber>();
        for (var left = TakeInt32(ref rest); left > 0; left--)
            results.Add(new QueryNumber(TakeText(ref rest), (long)TakeInt64(ref rest)));
        var ordinal = (long)TakeInt64(ref rest);
        var arrived = TakeNumbers(ref rest);
        var dropped = TakeNumbers(ref rest);
        var record = Take(ref rest, TakeInt32(ref rest)).ToArray();
        if (!rest.IsEmpty || sequence < 0 || contentBytes < 0)
            throw new StateException("its header says what cannot be");
        var info = new SnapshotInfo
        {
            StreamId = streamId,
            Sequence = sequence,
            Plan = plan,
            PlanRecord = record,
            Results = results,
            Arrived = arrived,
            Dropped = dropped,
            JournalOrdinal = ordinal,
            TakenTicks = takenTicks,
            TimeZoneVersion = zones,
            Release = release,
            FormatVersion = version,
        };
        return new SnapshotHeader(info, bytes.Length, contentBytes, contentHash);
    }

    private static void AddInt32(ArrayBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    private static void AddInt64(ArrayBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), value);
        output.Advance(sizeof(ulong));
    }

    private static void AddText(ArrayBufferWriter<byte> output, string text)
    {
        AddInt32(output, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        if ((uint)length > (uint)rest.Length)
            throw new StateException("its header ends too early");
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static int TakeInt32(ref ReadOnlySpan<byte> rest) =>
        BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, sizeof(int)));

    private static ulong TakeInt64(ref ReadOnlySpan<byte> rest) =>
        BinaryPrimitives.ReadUInt64LittleEndian(Take(ref rest, sizeof(ulong)));

    private static List<long> TakeNumbers(ref ReadOnlySpan<byte> rest)
    {
        var numbers = new List<long>();
        for (var left = TakeInt32(ref rest); left > 0; left--)
            numbers.Add((long)TakeInt64(ref rest));
        return numbers;
    }

    private static string TakeText(ref ReadOnlySpan<byte> rest) =>
        Encoding.UTF8.GetString(Take(ref rest, TakeInt32(ref rest)));
}
