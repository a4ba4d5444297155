using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Durability.Journal.Writing;

/// <content>The segment that is written, and those before it.</content>
internal sealed unsafe partial class JournalWriter
{
    private readonly SpareSegments _spares;
    private JournalSegment[] _segments;
    private long _highestNumber;
    private long _generation;
    private SegmentHeader _header;

    /// <inheritdoc/>
    // Pairs with the writes in SetSegments.
    public JournalSegment[] Segments => Volatile.Read(ref _segments);

    /// <summary>The bytes of all segments, spares not counted.</summary>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var segment in Segments)
                bytes += segment.Header.SegmentBytes;
            return bytes;
        }
    }

    /// <summary>Which writer of this journal it is, and how often it was reseated: higher than all before.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>How many spare segments are ready.</summary>
    public int Spares => _spares.Count;

    /// <summary>Why no spare segment could be made; null where the last one could be.</summary>
    public Exception? SpareFailure => _spares.Failure;

    private void SetSegments(JournalSegment[] segments) => Volatile.Write(ref _segments, segments);

    // What an earlier process left must be gone, durably, before its numbers are used again.
    private void CleanUp(JournalContents contents)
    {
        var path = _directory;
        try
        {
            _spares.TakeOver(contents.Spares);
            foreach (var leftover in contents.Leftovers)
            {
                path = leftover;
                _spares.RecycleLeftover(leftover);
            }

            _files.SyncDirectory(_directory);
        }
        catch (Exception error) when (IsOfDisk(error))
        {
            throw Fail(path, "cleaned up", error);
        }
    }

    // How much payload the next frame may have, in this segment or a new one.
    private long EnsureRoom(long leastPayloadBytes, long wantedPayloadBytes)
    {
        var room = RoomBytes();
        var isFresh = _position.Offset == JournalFormat.SegmentHeaderBytes;
        if (room >= leastPayloadBytes && (isFresh || room >= Math.Min(wantedPayloadBytes, LeastRoomBytes)))
            return room;
        Roll(leastPayloadBytes);
        return RoomBytes();
    }

    private long RoomBytes() =>
        (_header.SegmentBytes - _position.Offset - JournalFormat.FrameHeaderBytes) & -JournalFormat.Alignment;

    private void WriteStaged()
    {
        if (_staged.Bytes == 0)
            return;
        try
        {
            _file!.Write(_start, _staged.Parts);
        }
        catch (Exception error) when (IsOfDisk(error))
        {
            throw Fail(_segments[^1].Path, "written", error);
        }

        _start += _staged.Bytes;
        Volatile.Write(ref _bytesWritten, _bytesWritten + _staged.Bytes);
        _staged.Clear();
    }

    // Goes on in another segment.
    private void Roll(long leastPayloadBytes)
    {
        WriteStaged();
        var header = NextSegmentHeader(leastPayloadBytes);
        var path = Path.Combine(_directory, JournalFormat.NameOf(header.Number, JournalFormat.SegmentExtension));
        IFile file;
        try
        {
            file = BeginFile(path, in header);
        }
        catch (Exception error) when (IsOfDisk(error))
        {
            throw Fail(path, "begun", error);
        }

        _highestNumber = header.Number;
        Seat(file, new JournalSegment { Path = path, Header = header });
    }

    private SegmentHeader NextSegmentHeader(long leastPayloadBytes)
    {
        var least = JournalFormat.SegmentHeaderBytes + JournalFormat.FrameBytes(leastPayloadBytes);
        var header = new SegmentHeader
        {
            StreamIdHigh = (ulong)(_identity.StreamId >> 64),
            StreamIdLow = (ulong)_identity.StreamId,
            PlanHigh = _identity.Plan.High,
            PlanLow = _identity.Plan.Low,
            FurtherWords = _identity.FurtherWords,
            Number = _highestNumber + 1,
            Generation = _generation,
            SegmentBytes = Math.Max(least, _options.SegmentBytes),
            FirstSequence = _position.NextSequence,
            FirstOrdinal = _position.Ordinal + 1,
            NumberBefore = _position.Segment,
            EndBefore = _position.Offset,
            HashBefore = _position.Hash,
            DurableOrdinal = DurableOrdinal,
            DurableTo = DurableThrough,
            Salt = _options.SaltSeed,
        };

        // So the salt depends on all of it, and differs from that of each other segment, also of one that was lost.
        header.Seal();
        header.Salt = header.Hash;
        header.Seal();
        return header;
    }

    private IFile BeginFile(string path, in SegmentHeader header)
    {
        var isUsual = header.SegmentBytes == _options.SegmentBytes;
        var spare = isUsual ? _spares.TryTake() : null;
        spare ??= _spares.Make(header.SegmentBytes);
        Maker.Wake();
        var file = _files.Open(spare);
        try
        {
            fixed (SegmentHeader* bytes = &header)
            {
                _headerPart[0] = new FilePart((nint)bytes, JournalFormat.SegmentHeaderBytes);
                file.Write(0, _headerPart);
            }

            _files.Rename(spare, path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Seat(IFile file, JournalSegment segment)
    {
        var segments = _segments;
        var index = JournalSegment.IndexOf(segments, segment.Header.NumberBefore);
        var next = new JournalSegment[index + 2];
        Array.Copy(segments, next, index + 1);
        if (index >= 0 && segments[index].EndOffset == JournalSegment.Open)
        {
            next[index] = segments[index] with
            {
                EndOffset = segment.Header.EndBefore,
                LastRecordSequence = _lastRecordSequence,
            };
        }
        else if (index >= 0)
        {
            next[index] = segments[index] with { EndOffset = segment.Header.EndBefore };
        }

        next[^1] = segment;
        lock (_gate)
        {
            if (_file is not null)
                _unsynced.Add(new UnsyncedFile(segments[^1].Number, _file));
            _file = file;
            _isDirectoryUnsynced = true;
        }

        NoteVoid(segments, index + 1, segment.Number);
        SetSegments(next);
        _header = segment.Header;
        _lastRecordSequence = JournalFormat.NoSequence;
        _start = JournalFormat.SegmentHeaderBytes;
        _position = _position with { Segment = segment.Number, Offset = _start, Hash = segment.Header.Hash };
    }
}
