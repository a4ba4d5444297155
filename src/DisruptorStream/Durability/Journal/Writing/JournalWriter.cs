using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Journal.Packing;
using DisruptorStream.Events;
using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Journal.Writing;

/// <summary>
/// Writes a journal: what is appended is staged, <see cref="Write"/> writes it, <see cref="Sync"/> makes it durable.
/// </summary>
/// <remarks>
/// <para>One thread appends, writes, recycles and reseats. <see cref="Sync"/> may be called by another one meanwhile;
/// two that sync wait for each other. Under the lock that both sides share a few fields are copied, nothing else: no
/// call of the file system is made in it. Properties are for any thread.</para>
/// <para>A writer always begins a new segment. Where a write, a sync or a new segment fails, every later call throws
/// that failure, until <see cref="Reseat"/> begins another segment.</para>
/// </remarks>
internal sealed unsafe partial class JournalWriter : IJournalSegments, IDisposable
{
    // Where less than this is left of a segment, slots go to the next one.
    private const long LeastRoomBytes = 4096;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly JournalIdentity _identity;
    private readonly JournalOptions _options;
    private readonly SlotPacker _packer;
    private readonly StagedFrames _staged = new();
    private readonly UndurableFrames _kept = new();

    // Behind what is staged.
    private JournalPosition _position;

    // Where what is staged begins, in the segment.
    private long _start;
    private long _lastRecordSequence = JournalFormat.NoSequence;

    /// <param name="files">The disk.</param>
    /// <param name="contents">What the journal holds; nobody has written it since.</param>
    /// <param name="identity">Stream, plan and slots.</param>
    /// <param name="nextSequence">The first slot that comes: the one after the last, or a later one.</param>
    /// <param name="options">How it is written.</param>
    /// <exception cref="ArgumentException">The journal is of another stream, or holds that slot already.</exception>
    /// <exception cref="JournalException">There is no room for a segment, or the disk failed.</exception>
    public JournalWriter(
        IFileSystem files,
        JournalContents contents,
        JournalIdentity identity,
        long nextSequence,
        JournalOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nextSequence, contents.End.NextSequence);
        if (contents.Identity is { } found && found.StreamId != identity.StreamId)
        {
            throw new ArgumentException(
                $"The journal in '{contents.Directory}' is of stream {found.StreamId:x32}, not of "
                + $"{identity.StreamId:x32}; give each stream a directory of its own.",
                nameof(identity));
        }

        _files = files;
        _directory = contents.Directory;
        _identity = identity;
        _options = options;
        _packer = new SlotPacker(identity.FurtherWords);
        _spares = new SpareSegments(files, _directory, options.SegmentBytes, options.Spares, options.ReservesSpares);
        Maker = new SpareMaker(_spares);
        _segments = contents.Segments;
        _highestNumber = contents.HighestNumber;
        _generation = contents.Generation + 1;
        _position = contents.End with { Ordinal = contents.HighestOrdinal, NextSequence = nextSequence };
        PublishWritten();
        PublishDurable(in _position);
        CleanUp(contents);
        Roll(leastPayloadBytes: 0);
    }

    /// <summary>What makes spare segments: to be started, or called by hand.</summary>
    public SpareMaker Maker { get; }

    /// <summary>The slot that comes next.</summary>
    public long NextSequence => _position.NextSequence;

    /// <summary>Stages records of the side log. They are copied.</summary>
    /// <exception cref="Saving.StateException">The bytes are no records.</exception>
    /// <exception cref="JournalException">The disk failed, now or before; see <see cref="Reseat"/>.</exception>
    public void AppendRecords(ReadOnlySpan<byte> records) =>
        AppendOther(FrameKind.Records, CountOf(records), records);

    /// <summary>
    /// Stages slots as they lie in memory, where they must stay until the next <see cref="Write"/> returns.
    /// </summary>
    /// <exception cref="ArgumentException">They are not the next ones, or of another layout.</exception>
    /// <exception cref="JournalException">The disk failed, now or before.</exception>
    public void AppendSlots(in EventView slots)
    {
        ThrowIfFailed();
        ThrowUnlessNext(in slots);
        var slotBytes = EventSlot.SizeBytes + (sizeof(long) * _identity.FurtherWords);
        for (var done = 0; done < slots.Count;)
        {
            var room = EnsureRoom(
                slotBytes, Math.Min(JournalFormat.MostSlotBytes, (long)slotBytes * (slots.Count - done)));
            var most = Math.Max(1, Math.Min(room, JournalFormat.MostSlotBytes) / slotBytes);
            var count = (int)Math.Min(slots.Count - done, most);
            AppendFrame(slots.Slice(done, count));
            done += count;
        }
    }

    /// <summary>Stages how many results of each query were delivered.</summary>
    /// <exception cref="JournalException">The disk failed, now or before; see <see cref="Reseat"/>.</exception>
    public void AppendPositions(ReadOnlySpan<long> numbers) =>
        AppendOther(FrameKind.Positions, numbers.Length, MemoryMarshal.AsBytes(numbers));

    /// <summary>
    /// Stages that a process begins here, with slot <see cref="NextSequence"/>: records before it that come before
    /// later slots are void.
    /// </summary>
    /// <exception cref="JournalException">The disk failed, now or before; see <see cref="Reseat"/>.</exception>
    public void AppendRestart() => AppendOther(FrameKind.Restart, 0, []);

    /// <summary>Stages what the processor is that writes from here on.</summary>
    /// <param name="record">As <see cref="Plans.Records.PlanRecordFormat"/> writes it.</param>
    /// <exception cref="JournalException">The disk failed, now or before; see <see cref="Reseat"/>.</exception>
    public void AppendPlan(ReadOnlySpan<byte> record) => AppendOther(FrameKind.Plan, 0, record);

    /// <summary>Stages that the journal is closed on purpose: who opens it then finds all that there was.</summary>
    /// <exception cref="JournalException">The disk failed, now or before; see <see cref="Reseat"/>.</exception>
    public void AppendEnd() => AppendOther(FrameKind.End, 0, []);

    /// <summary>Writes all that is staged, in order. Then it outlives the process, but no power cut.</summary>
    /// <exception cref="JournalException">The disk failed, now or before.</exception>
    public void Write()
    {
        ThrowIfFailed();
        if (_staged.Bytes == 0 && _written.Ordinal == _position.Ordinal)
            return;
        WriteStaged();
        PublishWritten();
    }

    /// <summary>Closes the files. What is staged is not written.</summary>
    public void Dispose()
    {
        Maker.Dispose();
        lock (_syncGate)
            CloseFiles();
    }

    // Not only counts, but finds out whether they are whole.
    private static int CountOf(ReadOnlySpan<byte> records)
    {
        var count = 0;
        for (; !records.IsEmpty; count++)
            IdentityRecord.Read(ref records);
        return count;
    }

    // What is handed over is kept first: so it is written some time, whatever fails now.
    private void AppendOther(FrameKind kind, int count, ReadOnlySpan<byte> payload)
    {
        if (_options.CanReseat)
        {
            _kept.Forget(DurableOrdinal);
            _kept.Add(kind, count, payload);
        }

        ThrowIfFailed();
        StageOther(kind, count, payload);
        if (_options.CanReseat)
            _kept.SetOrdinal(_kept.Count - 1, _position.Ordinal);
    }

    private void StageOther(FrameKind kind, int count, ReadOnlySpan<byte> payload)
    {
        if (kind == FrameKind.Records)
            StageRecords(payload);
        else
            StageCopy(kind, count, payload);
    }

    // A frame ends with a record, and is not longer than it has to be.
    private void StageRecords(ReadOnlySpan<byte> records)
    {
        var most = Math.Min(
            JournalFormat.MostRecordBytes,
            (int)_options.SegmentBytes - JournalFormat.SegmentHeaderBytes - JournalFormat.FrameHeaderBytes);
        while (!records.IsEmpty)
        {
            var rest = records;
            var count = 0;
            var last = JournalFormat.NoSequence;
            while (!rest.IsEmpty)
            {
                var next = rest;
                var sequence = IdentityRecord.Read(ref next).Sequence;
                if (count > 0 && records.Length - next.Length > most)
                    break;
                rest = next;
                count++;
                last = Math.Max(last, sequence);
            }

            StageCopy(FrameKind.Records, count, records[..^rest.Length]);
            _lastRecordSequence = Math.Max(_lastRecordSequence, last);
            records = rest;
        }
    }

    private void StageCopy(FrameKind kind, int count, ReadOnlySpan<byte> payload)
    {
        EnsureRoom(payload.Length, payload.Length);
        var header = NextHeader(kind, count);
        Advance(in header, _staged.Add(ref header, payload));
    }

    private void AppendFrame(in EventView slots)
    {
        var header = NextHeader(FrameKind.Slots, slots.Count);
        var packedBytes = PackedBytes(in slots);
        if (packedBytes > 0)
        {
            header.Encoding = FrameEncoding.Packed;
            var payload = _staged.Begin(ref header, packedBytes);
            _packer.Pack(in slots, payload);
            Advance(in header, _staged.Finish(payload));
            return;
        }

        var further = new ReadOnlySpan<byte>(
            slots.FurtherMeasures, slots.Count * slots.FurtherMeasureCount * sizeof(long));
        var bytes = new ReadOnlySpan<byte>(slots.Slots, slots.Count * EventSlot.SizeBytes);
        Advance(in header, _staged.AddSlots(ref header, bytes, further));
    }

    // 0 where they are written as they lie.
    private int PackedBytes(in EventView slots)
    {
        if (_options.Packing == SlotPacking.Never)
            return 0;
        var rawBytes = (long)slots.Count * (EventSlot.SizeBytes + (sizeof(long) * _identity.FurtherWords));
        var packedBytes = _packer.Plan(in slots);
        var most = _options.Packing == SlotPacking.Always ? rawBytes : rawBytes * 3 / 4;
        return packedBytes <= most ? (int)packedBytes : 0;
    }

    private FrameHeader NextHeader(FrameKind kind, int count) => new()
    {
        Kind = kind,
        Salt = _header.Salt,
        FirstSequence = _position.NextSequence,
        Count = count,
        Ordinal = _position.Ordinal + 1,
        DurableOrdinal = DurableOrdinal,
        DurableTo = DurableThrough,
        HashBefore = _position.Hash,
    };

    private void Advance(in FrameHeader header, ulong hash) => _position = new JournalPosition(
        _position.Segment, _position.Offset + header.Length, hash, header.Ordinal, header.NextSequence);

    private void ThrowUnlessNext(in EventView slots)
    {
        if (slots.Count > 0 && slots.FirstSequence != _position.NextSequence)
        {
            throw new ArgumentException(
                $"The slots begin at {slots.FirstSequence}, and the journal goes on at {_position.NextSequence}; "
                + "append them in order.",
                nameof(slots));
        }

        if (slots.Sequences != null)
        {
            throw new ArgumentException(
                "The slots are gathered ones; append them as they lie in the ring.", nameof(slots));
        }

        if (slots.FurtherMeasureCount != _identity.FurtherWords)
        {
            throw new ArgumentException(
                $"The slots have {slots.FurtherMeasureCount} further words, and the journal's have "
                + $"{_identity.FurtherWords}; open a writer for their layout.",
                nameof(slots));
        }
    }
}
