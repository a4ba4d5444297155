using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Journal.Packing;
using DisruptorStream.Events;

namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>Reads the frames of a journal in order, of a closed one or behind a writer of the same process.</summary>
/// <remarks>
/// One thread at a time. Allocates only where a segment begins, and where a frame is longer than all before.
/// </remarks>
internal sealed unsafe class JournalReader : IDisposable
{
    private const int WindowBytes = 1 << 20;

    private readonly IFileSystem _files;
    private readonly IJournalSegments _source;
    private readonly long _fromSequence;
    private readonly PinnedBytes _window = new(WindowBytes);
    private readonly PinnedBytes _unpacked = new(0);
    private SlotUnpacker? _unpacker;
    private IFile? _file;
    private JournalSegment _segment;
    private FrameChain _chain;
    private long _offset;
    private long _windowStart;
    private long _windowBytes;

    /// <summary>
    /// Begins where slots from <paramref name="fromSequence"/> on, and records that they may need, begin.
    /// </summary>
    /// <param name="files">The disk.</param>
    /// <param name="source">Which segments there are, and how far they may be read.</param>
    /// <param name="fromSequence">The first slot that is wanted. Slots before it are left out.</param>
    /// <exception cref="JournalException">That slot is not in the journal any more.</exception>
    public JournalReader(IFileSystem files, IJournalSegments source, long fromSequence)
    {
        _files = files;
        _source = source;
        _fromSequence = fromSequence;
        var segments = source.Segments;
        if (segments.Length == 0)
            throw new ArgumentException("The journal has no segment; there is nothing to read.", nameof(source));
        if (segments[0].FirstSequence > fromSequence)
        {
            throw JournalException.NotThere(
                Path.GetDirectoryName(segments[0].Path)!, fromSequence, segments[0].FirstSequence);
        }

        _segment = FindStart(segments);
        _chain = FrameChain.At(_segment);
        _offset = JournalFormat.SegmentHeaderBytes;
    }

    /// <summary>Begins behind a frame.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="source">Which segments there are, and how far they may be read.</param>
    /// <param name="position">Where another reader of the same journal stood.</param>
    /// <exception cref="JournalException">That place is not in the journal any more.</exception>
    public JournalReader(IFileSystem files, IJournalSegments source, in JournalPosition position)
    {
        _files = files;
        _source = source;
        _fromSequence = position.NextSequence;
        var segments = source.Segments;
        if (JournalSegment.IndexOf(segments, position.Segment) is var index and >= 0)
        {
            _segment = segments[index];
            _chain = new FrameChain(_segment, position.Hash, position.Ordinal, position.NextSequence);
            _offset = position.Offset;
            return;
        }

        _segment = FindBehind(segments, position) ?? throw (segments.Length == 0
            ? new JournalException(
                $"The snapshot stands at slot {position.NextSequence}, and there is no journal to go on with; restore "
                + "it from a copy.")
            : JournalException.NotThere(
                Path.GetDirectoryName(segments[0].Path)!, position.NextSequence, segments[0].FirstSequence));
        _chain = FrameChain.At(_segment);
        _offset = JournalFormat.SegmentHeaderBytes;
    }

    /// <summary>Behind the last frame that was read.</summary>
    public JournalPosition Position => new(_segment.Number, _offset, _chain.Hash, _chain.Ordinal, NextSequence);

    /// <summary>The slot after the last frame that was read.</summary>
    public long NextSequence => Math.Max(_chain.NextSequence, _fromSequence);

    /// <summary>Reads the next frame.</summary>
    /// <remarks>
    /// Frames without slots that stand before the first slot are among them, from the first segment on that may hold a
    /// record of a slot that is wanted.
    /// </remarks>
    /// <returns>False where there is none, or none yet.</returns>
    /// <exception cref="JournalException">
    /// The journal is damaged here, was recycled or replaced, or cannot be read.
    /// </exception>
    public bool TryRead(out JournalFrame frame)
    {
        while (TryFollow(out var header))
        {
            if (!header->HasSlots || header->NextSequence > _fromSequence)
            {
                frame = Open(header);
                return true;
            }
        }

        frame = default;
        return false;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>
    /// The segment that goes on behind a place in one that was given up since. Null for none.
    /// </summary>
    private static JournalSegment? FindBehind(JournalSegment[] segments, in JournalPosition position)
    {
        // Whoever gives segments up leaves all that have frames behind the place: so it is the first that is left.
        var first = segments.Length == 0 ? null : segments[0];
        return first is not null && first.Number > position.Segment
            && first.Header.FirstOrdinal > position.Ordinal && first.FirstSequence == position.NextSequence
                ? first
                : null;
    }

    private JournalSegment FindStart(JournalSegment[] segments)
    {
        // A plan changes where no slot is left to handle: what others recorded of later slots is void by then.
        var first = segments.Length - 1;
        var plan = segments[^1].Header.Identity.Plan;
        while (first > 0 && segments[first - 1].Header.Identity.Plan == plan)
            first--;
        if (segments[first].FirstSequence > _fromSequence)
            first = 0;
        for (var index = first; index < segments.Length - 1; index++)
        {
            if (segments[index + 1].FirstSequence >= _fromSequence
                || segments[index].LastRecordSequence >= _fromSequence)
            {
                return segments[index];
            }
        }

        return segments[^1];
    }

    private bool TryFollow(out FrameHeader* header)
    {
        header = null;
        // The limit is read before the list: so the list is at least as new.
        while (_chain.Ordinal < _source.LastOrdinal)
        {
            var segments = _source.Segments;
            if (JournalSegment.IndexOf(segments, _segment.Number) < 0 && FindBehind(segments, Position) is { } behind)
            {
                MoveTo(behind);
                continue;
            }

            var index = Locate(segments);
            if (_offset == segments[index].EndOffset)
            {
                if (index + 1 == segments.Length)
                    return false;
                MoveTo(segments[index + 1]);
                continue;
            }

            Load(segments[index]);
            header = (FrameHeader*)(_window.Address + (_offset - _windowStart));
            var fault = _chain.Follow((byte*)header, _windowStart + _windowBytes - _offset);

            // What was read may be what somebody wrote into the file for another segment.
            Locate(_source.Segments);
            if (fault == JournalFault.None)
            {
                _offset += header->Length;
                return true;
            }

            _windowBytes = 0;
            if (_source.Segments == segments && _chain.Ordinal < _source.LastOrdinal)
            {
                throw JournalException.Damaged(new JournalDamage(
                    _segment.Path, _offset, _chain.NextSequence, fault, FrameChain.Describe(fault)));
            }
        }

        return false;
    }

    private int Locate(JournalSegment[] segments)
    {
        var index = JournalSegment.IndexOf(segments, _segment.Number);
        if (index < 0)
        {
            throw segments.Length == 0 || _segment.Number < segments[0].Number
                ? JournalException.Gone(_segment.Path, _chain.NextSequence)
                : JournalException.Replaced(_segment.Path, _chain.NextSequence);
        }

        var end = segments[index].EndOffset;
        if (end != JournalSegment.Open && _offset > end)
            throw JournalException.Replaced(_segment.Path, _chain.NextSequence);
        return index;
    }

    private void MoveTo(JournalSegment next)
    {
        if (next.Header.HashBefore != _chain.Hash)
        {
            throw JournalException.Damaged(new JournalDamage(
                next.Path, 0, _chain.NextSequence, JournalFault.Chain, FrameChain.Describe(JournalFault.Chain)));
        }

        if (next.FirstSequence > NextSequence)
        {
            throw JournalException.NotThere(
                Path.GetDirectoryName(next.Path)!, NextSequence, next.FirstSequence);
        }

        _file?.Dispose();
        _file = null;
        _segment = next;
        _chain = FrameChain.At(next);
        _offset = JournalFormat.SegmentHeaderBytes;
        _windowStart = 0;
        _windowBytes = 0;
    }

    // Reads on where the next frame is not in memory as a whole.
    private void Load(JournalSegment segment)
    {
        var inWindow = _windowStart + _windowBytes - _offset;
        if (inWindow > 0
            && FrameChain.IsWhole(_window.Address + (_offset - _windowStart), inWindow, out _))
        {
            return;
        }

        try
        {
            _file ??= _files.Open(_segment.Path);
            var end = _source.End;
            var mayRead = end.Segment == segment.Number ? end.Offset : segment.EndOffset;
            if (mayRead == JournalSegment.Open)
                mayRead = _file.Length;
            ReadWindow(Math.Min(mayRead - _offset, WindowBytes));
            FrameChain.IsWhole(_window.Address, _windowBytes, out var length);
            if (length > _windowBytes && length <= mayRead - _offset)
            {
                _window.Grow(length);
                ReadWindow(length);
            }
        }
        catch (FileNotFoundException)
        {
            // Nobody has it any more, or it is gone.
            Locate(_source.Segments);
            throw;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"The journal file '{_segment.Path}' cannot be read: {error.Message} See to the disk and to who may "
                + "read it, then start again.",
                error);
        }
    }

    private void ReadWindow(long bytes)
    {
        _windowStart = _offset;
        _windowBytes = bytes <= 0
            ? 0
            : _file!.Read(_offset, new Span<byte>(_window.Address, (int)bytes));
    }

    private JournalFrame Open(FrameHeader* header)
    {
        var payload = (byte*)header + JournalFormat.FrameHeaderBytes;
        var slots = header->HasSlots ? OpenSlots(header, payload) : default;
        return new JournalFrame
        {
            Kind = header->Kind,
            FirstSequence = header->HasSlots ? slots.FirstSequence : header->FirstSequence,
            Count = header->HasSlots ? slots.Count : header->Count,
            Ordinal = header->Ordinal,
            Segment = _segment,
            DurableTo = header->DurableTo,
            Slots = slots,
            Records = header->Kind == FrameKind.Records
                ? new ReadOnlySpan<byte>(payload, header->PayloadBytes)
                : default,
            Positions = header->Kind == FrameKind.Positions
                ? new ReadOnlySpan<long>(payload, header->Count)
                : default,
        };
    }

    private EventView OpenSlots(FrameHeader* header, byte* payload)
    {
        var further = _segment.Header.FurtherWords;
        var bytes = (long)header->Count * (EventSlot.SizeBytes + (sizeof(long) * further));
        var slots = (EventSlot*)payload;
        var isRight = header->Kind == FrameKind.Order
            ? TryExpand(header, payload, bytes, out slots)
            : header->Encoding == FrameEncoding.Raw
                ? header->PayloadBytes == bytes
                : TryUnpack(header, payload, bytes, out slots);
        if (!isRight)
        {
            throw JournalException.Newer(
                _segment.Path, $"the {header->PayloadBytes} bytes of frame {header->Ordinal} are not its slots");
        }

        var view = new EventView(
            slots, further == 0 ? null : (long*)(slots + header->Count), further, header->FirstSequence, header->Count);
        var skipped = (int)Math.Max(0, _fromSequence - header->FirstSequence);
        return skipped == 0 ? view : view.Slice(skipped, header->Count - skipped);
    }

    private bool TryExpand(FrameHeader* header, byte* payload, long bytes, out EventSlot* slots)
    {
        _unpacked.Grow(bytes);
        slots = (EventSlot*)_unpacked.Address;
        new Span<byte>(slots, (int)bytes).Clear();
        return OrderFormat.TryRead(
            new ReadOnlySpan<byte>(payload, header->PayloadBytes), new Span<EventSlot>(slots, header->Count));
    }

    private bool TryUnpack(FrameHeader* header, byte* payload, long bytes, out EventSlot* slots)
    {
        var further = _segment.Header.FurtherWords;
        if (_unpacker is null || _unpacker.FurtherWords != further)
            _unpacker = new SlotUnpacker(further);
        _unpacked.Grow(bytes);
        slots = (EventSlot*)_unpacked.Address;
        return _unpacker.TryUnpack(
            payload, header->PayloadBytes, header->Count, slots, (long*)(slots + header->Count));
    }
}
