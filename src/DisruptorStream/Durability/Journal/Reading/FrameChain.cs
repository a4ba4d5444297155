using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>Says whether bytes are the frame that has to follow, and follows it.</summary>
internal unsafe struct FrameChain
{
    private readonly string _path;
    private readonly ulong _salt;

    public FrameChain(JournalSegment segment, ulong hash, long ordinal, long nextSequence)
    {
        _path = segment.Path;
        _salt = segment.Header.Salt;
        Hash = hash;
        Ordinal = ordinal;
        NextSequence = nextSequence;
    }

    /// <summary>Of the frame before, or of the segment's header.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Of the frame before.</summary>
    public long Ordinal { get; private set; }

    /// <summary>The slot that comes next.</summary>
    public long NextSequence { get; private set; }

    /// <summary>Begins with a segment.</summary>
    public static FrameChain At(JournalSegment segment) => new(
        segment, segment.Header.Hash, segment.Header.FirstOrdinal - 1, segment.FirstSequence);

    /// <summary>How much must be there to see how long a frame is.</summary>
    public static bool IsWhole(byte* bytes, long available, out long length)
    {
        length = available < JournalFormat.FrameHeaderBytes ? 0 : ((FrameHeader*)bytes)->Length;
        return length >= JournalFormat.FrameHeaderBytes && length <= available;
    }

    /// <summary>Whether a frame that is whole in itself begins here, wherever it belongs in the segment.</summary>
    public readonly JournalFault CheckAlone(byte* bytes, long available)
    {
        if (available < JournalFormat.FrameHeaderBytes)
            return JournalFault.Missing;
        var frame = (FrameHeader*)bytes;
        if (frame->Salt != _salt)
            return IsZero(bytes) ? JournalFault.Missing : JournalFault.Salt;
        if (frame->Length < JournalFormat.FrameHeaderBytes || frame->Length > available
            || frame->Length % JournalFormat.Alignment != 0)
        {
            return JournalFault.Length;
        }

        var rest = new ReadOnlySpan<byte>(
            bytes + JournalFormat.HashBytes, (int)frame->Length - JournalFormat.HashBytes);
        return JournalFormat.Hash(rest) == frame->Hash ? JournalFault.None : JournalFault.Checksum;
    }

    /// <summary>Whether the frame that has to follow begins here. If so, it is the frame before from now on.</summary>
    /// <exception cref="JournalException">A newer release wrote it.</exception>
    public JournalFault Follow(byte* bytes, long available)
    {
        var fault = CheckAlone(bytes, available);
        if (fault != JournalFault.None)
            return fault;
        var frame = (FrameHeader*)bytes;
        ThrowIfNewer(frame);
        if (frame->Ordinal != Ordinal + 1 || frame->FirstSequence != NextSequence || !IsConsistent(frame))
            return JournalFault.Order;
        if (frame->HashBefore != Hash)
            return JournalFault.Chain;
        Accept(frame);
        return JournalFault.None;
    }

    /// <summary>Goes on behind a frame, wherever it is: what was before it is damaged.</summary>
    public void Accept(FrameHeader* frame)
    {
        Hash = frame->Hash;
        Ordinal = frame->Ordinal;
        NextSequence = frame->NextSequence;
    }

    /// <summary>What a fault is in words.</summary>
    public static string Describe(JournalFault fault) => fault switch
    {
        JournalFault.Missing => "there is no frame where one was",
        JournalFault.Salt => "what is there was not written as a part of this segment",
        JournalFault.Length => "the length of a frame is impossible",
        JournalFault.Checksum => "the checksum of a frame is wrong",
        JournalFault.Order => "a frame of another place is there",
        JournalFault.Chain => "it does not follow on what is before it",
        _ => "it cannot be read",
    };

    private readonly void ThrowIfNewer(FrameHeader* frame)
    {
        if (frame->Kind is < FrameKind.Slots or > FrameKind.Order)
            throw JournalException.Newer(_path, $"it has frames of kind {(int)frame->Kind}");
        var isKnown = frame->Encoding == FrameEncoding.Raw
            || (frame->Encoding == FrameEncoding.Packed && frame->Kind == FrameKind.Slots);
        if (!isKnown || frame->Zero != 0)
            throw JournalException.Newer(_path, $"it has frames with encoding {(int)frame->Encoding}");
    }

    private static bool IsConsistent(FrameHeader* frame) =>
        frame->PayloadBytes >= 0
        && JournalFormat.FrameBytes(frame->PayloadBytes) == frame->Length
        && frame->Count >= (frame->HasSlots ? 1 : 0)
        && frame->FirstSequence is >= 0 and <= JournalFormat.Last
        && frame->Ordinal <= JournalFormat.Last
        && frame->DurableOrdinal < frame->Ordinal;

    private static bool IsZero(byte* bytes) =>
        new ReadOnlySpan<byte>(bytes, JournalFormat.FrameHeaderBytes).IndexOfAnyExcept((byte)0) < 0;
}
