using System.Runtime.InteropServices;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>The last file of a dump's journal: it has no slots, and says up to where the others are whole.</summary>
/// <remarks>
/// A journal that ends early looks as after a crash, where nothing was promised of what is missing. This file promises
/// all that the dump was written with, so that a dump which lost its end is refused as damaged.
/// </remarks>
internal static class DumpSeal
{
    /// <param name="last">The segment in which the recording ends.</param>
    /// <param name="end">Behind its last frame.</param>
    /// <param name="name">The name of the file.</param>
    /// <returns>What the file holds.</returns>
    public static byte[] Of(JournalSegment last, in JournalPosition end, out string name)
    {
        var header = last.Header with
        {
            Number = end.Segment + 1,
            Salt = ~last.Header.Salt,
            FirstSequence = end.NextSequence,
            FirstOrdinal = end.Ordinal + 1,
            NumberBefore = end.Segment,
            EndBefore = end.Offset,
            HashBefore = end.Hash,
            DurableOrdinal = end.Ordinal,
            DurableTo = end.NextSequence - 1,
        };
        header.Seal();
        var frame = new FrameHeader
        {
            Length = (uint)JournalFormat.FrameBytes(0),
            Kind = FrameKind.End,
            Salt = header.Salt,
            FirstSequence = end.NextSequence,
            Ordinal = end.Ordinal + 1,
            DurableOrdinal = end.Ordinal,
            DurableTo = end.NextSequence - 1,
            HashBefore = header.Hash,
        };
        var hashed = MemoryMarshal.AsBytes(new Span<FrameHeader>(ref frame))[JournalFormat.HashBytes..];
        frame.Hash = JournalFormat.Hash(hashed);
        name = JournalFormat.NameOf(header.Number, JournalFormat.SegmentExtension);
        return
        [
            .. MemoryMarshal.AsBytes(new Span<SegmentHeader>(ref header)),
            .. MemoryMarshal.AsBytes(new Span<FrameHeader>(ref frame)),
        ];
    }
}
