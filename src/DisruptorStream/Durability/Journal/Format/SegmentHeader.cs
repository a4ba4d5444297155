using System.Runtime.InteropServices;
using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Journal.Format;

/// <summary>What stands at the front of a segment: <see cref="JournalFormat"/> has the table.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = JournalFormat.SegmentHeaderBytes)]
internal struct SegmentHeader
{
    public ulong Hash;
    public ulong Magic;
    public int Version;
    public int HeaderBytes;
    public ulong StreamIdLow;
    public ulong StreamIdHigh;
    public ulong PlanHigh;
    public ulong PlanLow;
    public int FurtherWords;
    public int Zero;
    public long Number;
    public long Generation;
    public ulong Salt;
    public long SegmentBytes;
    public long FirstSequence;
    public long FirstOrdinal;
    public long NumberBefore;
    public long EndBefore;
    public ulong HashBefore;
    public long DurableOrdinal;
    public long DurableTo;

    public readonly JournalIdentity Identity =>
        new(new UInt128(StreamIdHigh, StreamIdLow), new Fingerprint(PlanHigh, PlanLow), FurtherWords);

    /// <summary>Fills in what never differs, and the hash.</summary>
    public void Seal()
    {
        Magic = JournalFormat.Magic;
        Version = JournalFormat.Version;
        HeaderBytes = JournalFormat.SegmentHeaderBytes;
        Hash = HashOf(this);
    }

    /// <summary>What is wrong with it; null where nothing is.</summary>
    /// <param name="number">The number that the name of the file says.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="JournalException">A newer release wrote it.</exception>
    public readonly string? Check(long number, string path)
    {
        if (Magic != JournalFormat.Magic)
            return "it does not begin as a segment does";
        if (Hash != HashOf(this))
            return "the checksum of its header is wrong";
        if (Version > JournalFormat.Version)
            throw JournalException.Newer(path, $"its format has version {Version}, not {JournalFormat.Version}");
        if (Number != number)
            return $"its header says that it is number {Number}";
        var isInRange = Version > 0
            && HeaderBytes == JournalFormat.SegmentHeaderBytes
            && FurtherWords is >= 0 and <= JournalFormat.MostFurtherWords
            && Generation > 0
            && SegmentBytes >= HeaderBytes
            && FirstSequence is >= 0 and <= JournalFormat.Last
            && FirstOrdinal is > 0 and <= JournalFormat.Last
            && NumberBefore >= 0 && NumberBefore < Number
            && EndBefore >= 0;
        return isInRange ? null : "a number in its header is out of its range";
    }

    private static ulong HashOf(in SegmentHeader header) =>
        JournalFormat.Hash(
            MemoryMarshal.AsBytes(new ReadOnlySpan<SegmentHeader>(in header))[JournalFormat.HashBytes..]);
}
