using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>Finds out what a journal holds.</summary>
/// <remarks>
/// Each segment names the one before it and where that one ends. So the newest segment whose header is readable says
/// which segments count: it, the one before it, and so on. What a writer of a later generation has replaced is named by
/// none. Then all frames are read in order. Where they do not go on, the highest frame that any frame or header calls
/// durable decides whether that is damage or the end.
/// </remarks>
internal sealed unsafe class JournalOpening
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly List<FoundSegment> _found = [];
    private readonly List<string> _spares = [];
    private readonly List<JournalBreak> _breaks = [];
    private readonly List<JournalDamage> _foreign = [];
    private readonly List<JournalSegment> _live = [];
    private readonly List<SegmentScan> _scans = [];
    private long _highestNumber;
    private long _durableOrdinal;
    private long _durableTo = JournalFormat.NoSequence;

    public JournalOpening(IFileSystem files, string directory)
    {
        _files = files;
        _directory = directory;
    }

    public JournalContents Run()
    {
        var path = _directory;
        try
        {
            _files.CreateDirectory(_directory);
            _files.SyncDirectory(_directory);
            FindFiles();
            var chain = SegmentChain.Of(_found);
            foreach (var link in chain.Links)
            {
                path = link.Segment?.Path ?? link.Missing!.Value.Path;
                Scan(link);
            }

            foreach (var found in chain.Foreign)
                _foreign.Add(new JournalDamage(found.Path, 0, found.Header.FirstSequence, found.Fault, found.Why!));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"The journal in '{path}' cannot be read: {error.Message} See to the disk and to who may read it, then "
                + "start again.",
                error);
        }

        return Conclude();
    }

    private void FindFiles()
    {
        foreach (var name in _files.List(_directory))
        {
            if (JournalFormat.NumberOf(name, JournalFormat.SpareExtension) > 0)
                _spares.Add(Path.Combine(_directory, name));
            var number = JournalFormat.NumberOf(name, JournalFormat.SegmentExtension);
            if (number > 0)
                _found.Add(ReadHeader(number, Path.Combine(_directory, name)));
        }

        _spares.Sort(StringComparer.Ordinal);
        _found.Sort((left, right) => left.Number.CompareTo(right.Number));
        _highestNumber = _found.Count == 0 ? 0 : _found[^1].Number;
        MarkForeign();
    }

    private FoundSegment ReadHeader(long number, string path)
    {
        using var file = _files.Open(path);
        file.Sync();
        SegmentHeader header = default;
        var bytes = MemoryMarshal.AsBytes(new Span<SegmentHeader>(ref header));
        var read = file.Read(0, bytes);
        var why = read < bytes.Length ? "it ends inside its header" : header.Check(number, path);
        return new FoundSegment(path, number, header, why is null ? JournalFault.None : JournalFault.Header, why);
    }

    // All are of the stream that the oldest one is of.
    private void MarkForeign()
    {
        var first = _found.Find(found => found.IsUsable);
        if (first is null)
            return;
        var stream = first.Header.Identity.StreamId;
        for (var index = 0; index < _found.Count; index++)
        {
            var id = _found[index].Header.Identity.StreamId;
            if (_found[index].IsUsable && id != stream)
            {
                _found[index] = _found[index] with
                {
                    Fault = JournalFault.Stream,
                    Why = $"it is of stream {id:x32}, and '{first.Path}' is of stream {stream:x32}",
                };
            }
        }
    }

    private void Scan(SegmentLink link)
    {
        if (link.Segment is null)
        {
            AddMissing(link.Missing!.Value);
            return;
        }

        var segment = link.Segment;
        using var file = _files.Open(segment.Path);
        var bytes = new PinnedBytes(file.Length);
        var length = bytes.Fill(file);
        var scan = new SegmentScan(segment, bytes.Address, length);
        var breaksBefore = _breaks.Count;
        scan.Run(_breaks);
        var isBroken = _breaks.Count > breaksBefore && _breaks[^1].At == scan.End;
        if (segment.EndOffset != JournalSegment.Open && !isBroken && scan.End.Hash != link.HashAtEnd)
            _breaks.Add(new JournalBreak(scan.End, segment.Path, JournalFault.Chain, "another segment follows on it"));
        Note(scan.DurableOrdinal, scan.DurableTo);
        _scans.Add(scan);
        _live.Add(segment with { LastRecordSequence = scan.LastRecordSequence });
    }

    // Why there is no segment says more than that the one before it ends.
    private void AddMissing(in MissingSegment missing)
    {
        var at = _scans.Count == 0
            ? new JournalPosition(missing.Number, 0, 0, 0, 0)
            : _scans[^1].End;
        if (_scans.Count > 0 && _breaks.Count > 0 && _breaks[^1].At == at)
            _breaks.RemoveAt(_breaks.Count - 1);
        _breaks.Add(new JournalBreak(at, missing.Path, missing.Fault, missing.Why));
        if (missing.Fault == JournalFault.Gap)
            return;
        using var file = _files.Open(missing.Path);
        var bytes = new PinnedBytes(file.Length);
        if (SegmentScan.OfUnknown(missing.Path, bytes.Address, bytes.Fill(file)) is { } scan)
            Note(scan.DurableOrdinal, scan.DurableTo);
    }

    private void Note(long durableOrdinal, long durableTo)
    {
        _durableOrdinal = Math.Max(_durableOrdinal, durableOrdinal);
        _durableTo = Math.Max(_durableTo, durableTo);
    }

    private JournalContents Conclude()
    {
        var damaged = _breaks.FindIndex(at => at.At.Ordinal >= _durableOrdinal);
        var cut = damaged < 0 ? (JournalBreak?)null : _breaks[damaged];
        var damage = _foreign;
        damage.AddRange(_breaks.GetRange(0, damaged < 0 ? _breaks.Count : damaged).ConvertAll(at => at.ToDamage()));
        var count = _live.Count;
        var end = count == 0 ? default : _scans[^1].End;
        var cutBytes = 0L;
        if (cut is { } found)
        {
            while (count > 0 && _live[count - 1].Number > found.At.Segment)
                cutBytes += _scans[--count].WrittenEnd - JournalFormat.SegmentHeaderBytes;
            end = count == 0 ? default : found.At;
            if (count > 0)
                cutBytes += _scans[count - 1].WrittenEnd - end.Offset;
        }

        var segments = _live.GetRange(0, count).ToArray();
        var positions = _scans.FindLast(scan => scan.Positions is not null);
        if (count > 0)
            segments[^1] = segments[^1] with { EndOffset = end.Offset };
        return new JournalContents
        {
            Directory = _directory,
            Segments = segments,
            End = end,
            Damage = damage,
            Cut = cutBytes > 0 ? cut?.ToDamage() : null,
            CutBytes = cutBytes,
            DurableTo = _durableTo,
            DurableOrdinal = _durableOrdinal,
            HighestOrdinal = Math.Max(_durableOrdinal, end.Ordinal),
            Generation = HighestGeneration(),
            HighestNumber = _highestNumber,
            Positions = positions?.Positions ?? [],
            PositionsPlan = positions?.Segment.Header.Identity.Plan,
            PlanRecord = _scans.FindLast(scan => scan.PlanRecord is not null)?.PlanRecord ?? [],
            EndsCleanly = count > 0 && cutBytes == 0 && _scans[count - 1].LastKind == FrameKind.End,
            Leftovers = FindLeftovers(segments, damage),
            Spares = _spares,
        };
    }

    private long HighestGeneration()
    {
        var highest = 0L;
        foreach (var found in _found)
        {
            if (found.IsUsable)
                highest = Math.Max(highest, found.Header.Generation);
        }

        return highest;
    }

    // What is damaged stays where it is: it may be all that is left.
    private List<string> FindLeftovers(JournalSegment[] segments, List<JournalDamage> damage)
    {
        var leftovers = new List<string>();
        foreach (var found in _found)
        {
            var isDamaged = damage.Exists(one => string.Equals(one.File, found.Path, StringComparison.Ordinal));
            if (!isDamaged && JournalSegment.IndexOf(segments, found.Number) < 0)
                leftovers.Add(found.Path);
        }

        return leftovers;
    }
}
