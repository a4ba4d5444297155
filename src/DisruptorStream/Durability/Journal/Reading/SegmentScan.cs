using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>Goes through all frames of one segment that is whole in memory.</summary>
internal sealed unsafe class SegmentScan
{
    private readonly JournalSegment _segment;
    private readonly byte* _bytes;
    private readonly long _length;
    private FrameChain _chain;

    /// <param name="segment">The segment; it is read to its end, where that is known.</param>
    /// <param name="bytes">Its file.</param>
    /// <param name="length">How long that is.</param>
    public SegmentScan(JournalSegment segment, byte* bytes, long length)
    {
        _segment = segment;
        _bytes = bytes;
        _length = length;
        _chain = FrameChain.At(segment);
        DurableOrdinal = segment.Header.DurableOrdinal;
        DurableTo = segment.Header.DurableTo;
        EndOffset = JournalFormat.SegmentHeaderBytes;
    }

    /// <summary>The last frame that anything here says to be durable.</summary>
    public long DurableOrdinal { get; private set; }

    /// <summary>The last slot that anything here says to be durable.</summary>
    public long DurableTo { get; private set; }

    /// <summary>The last slot that a record comes before.</summary>
    public long LastRecordSequence { get; private set; } = JournalFormat.NoSequence;

    /// <summary>How many results of each query were delivered, as the last such frame says; null for none.</summary>
    public long[]? Positions { get; private set; }

    /// <summary>The last recorded plan; null for none.</summary>
    public byte[]? PlanRecord { get; private set; }

    /// <summary>The segment that is read.</summary>
    public JournalSegment Segment => _segment;

    /// <summary>The kind of the last frame.</summary>
    public FrameKind LastKind { get; private set; }

    /// <summary>Behind the last frame.</summary>
    public long EndOffset { get; private set; }

    /// <summary>Behind the last bytes that look as if they were written as frames of this segment.</summary>
    public long WrittenEnd { get; private set; }

    /// <summary>The end of the last frame.</summary>
    public JournalPosition End =>
        new(_segment.Number, EndOffset, _chain.Hash, _chain.Ordinal, _chain.NextSequence);

    /// <summary>
    /// Reads a segment whose header is lost, by the salt of its first frame, to see what it says to be durable.
    /// </summary>
    /// <returns>Null where there is no such frame.</returns>
    public static SegmentScan? OfUnknown(string path, byte* bytes, long length)
    {
        if (length < JournalFormat.SegmentHeaderBytes + JournalFormat.FrameHeaderBytes)
            return null;
        var frame = (FrameHeader*)(bytes + JournalFormat.SegmentHeaderBytes);
        var header = new SegmentHeader
        {
            Salt = frame->Salt,
            FirstOrdinal = frame->Ordinal,
            FirstSequence = frame->FirstSequence,
            DurableTo = JournalFormat.NoSequence,
        };
        var scan = new SegmentScan(new JournalSegment { Path = path, Header = header }, bytes, length);
        if (scan._chain.CheckAlone((byte*)frame, length - JournalFormat.SegmentHeaderBytes) != JournalFault.None)
            return null;
        scan.Run([]);
        return scan;
    }

    /// <summary>Reads all frames; where one is bad, those that are behind it too.</summary>
    /// <param name="breaks">Where something is wrong is added to it.</param>
    public void Run(List<JournalBreak> breaks)
    {
        var end = _segment.EndOffset == JournalSegment.Open ? _length : _segment.EndOffset;
        while (EndOffset < end)
        {
            var before = End;
            var at = _bytes + EndOffset;
            var fault = _chain.Follow(at, Math.Min(end, _length) - EndOffset);
            if (fault == JournalFault.None)
            {
                Take((FrameHeader*)at);
                EndOffset += ((FrameHeader*)at)->Length;
                continue;
            }

            var next = FindNext(EndOffset, Math.Min(end, _length));
            breaks.Add(new JournalBreak(before, _segment.Path, fault));
            if (next < 0)
            {
                WrittenEnd = FindWrittenEnd(EndOffset, Math.Min(end, _length));
                return;
            }

            at = _bytes + next;
            _chain.Accept((FrameHeader*)at);
            Take((FrameHeader*)at);
            EndOffset = next + ((FrameHeader*)at)->Length;
        }

        WrittenEnd = EndOffset;
    }

    // Where the next whole frame of this segment with a higher number begins; -1 where there is none.
    private long FindNext(long from, long end)
    {
        for (var offset = from; offset + JournalFormat.FrameHeaderBytes <= end; offset += JournalFormat.Alignment)
        {
            var frame = (FrameHeader*)(_bytes + offset);
            if (frame->Salt == _segment.Header.Salt
                && frame->Ordinal > _chain.Ordinal
                && frame->FirstSequence >= _chain.NextSequence
                && _chain.CheckAlone(_bytes + offset, end - offset) == JournalFault.None)
            {
                return offset;
            }
        }

        return -1;
    }

    private long FindWrittenEnd(long from, long end)
    {
        var found = from;
        for (var offset = from; offset + JournalFormat.FrameHeaderBytes <= end; offset += JournalFormat.Alignment)
        {
            var frame = (FrameHeader*)(_bytes + offset);
            if (frame->Salt == _segment.Header.Salt)
                found = Math.Min(end, offset + Math.Max(frame->Length, JournalFormat.FrameHeaderBytes));
        }

        return found;
    }

    private void Take(FrameHeader* frame)
    {
        DurableOrdinal = Math.Max(DurableOrdinal, frame->DurableOrdinal);
        DurableTo = Math.Max(DurableTo, frame->DurableTo);
        LastKind = frame->Kind;
        var payload = (byte*)frame + JournalFormat.FrameHeaderBytes;
        if (frame->Kind == FrameKind.Plan)
            PlanRecord = new ReadOnlySpan<byte>(payload, frame->PayloadBytes).ToArray();
        if (frame->Kind == FrameKind.Positions)
        {
            Positions = new ReadOnlySpan<long>((long*)payload, frame->PayloadBytes / sizeof(long)).ToArray();
        }

        if (frame->Kind != FrameKind.Records)
            return;
        var records = new ReadOnlySpan<byte>(payload, frame->PayloadBytes);
        try
        {
            while (!records.IsEmpty)
                LastRecordSequence = Math.Max(LastRecordSequence, IdentityRecord.Read(ref records).Sequence);
        }
        catch (StateException error)
        {
            throw new JournalException(
                $"The journal file '{_segment.Path}' holds records that cannot be read, in a frame whose checksum is "
                + $"right, before slot {frame->FirstSequence}: {error.Message} Open it with the release that wrote it.",
                error);
        }
    }
}
