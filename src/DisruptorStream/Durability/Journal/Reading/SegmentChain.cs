using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>Which segments of a directory count.</summary>
internal sealed class SegmentChain
{
    private readonly List<FoundSegment> _found;

    private SegmentChain(List<FoundSegment> found) => _found = found;

    /// <summary>The segments in order.</summary>
    public List<SegmentLink> Links { get; } = [];

    /// <summary>Segments of other streams.</summary>
    public List<FoundSegment> Foreign { get; } = [];

    /// <param name="found">From the lowest number on.</param>
    public static SegmentChain Of(List<FoundSegment> found)
    {
        var chain = new SegmentChain(found);
        chain.Walk();
        chain.Links.Reverse();
        return chain;
    }

    // From the newest one back.
    private void Walk()
    {
        var top = _found.Count - 1;
        for (; top >= 0 && !_found[top].IsUsable; top--)
            AddUnusable(_found[top]);
        var end = JournalSegment.Open;
        var hash = 0UL;
        while (top >= 0)
        {
            var segment = _found[top];
            Links.Add(new SegmentLink(
                new JournalSegment { Path = segment.Path, Header = segment.Header, EndOffset = end }, hash, null));
            (end, hash) = (segment.Header.EndBefore, segment.Header.HashBefore);
            var before = segment.Header.NumberBefore;
            if (before == 0)
                return;
            top = _found.FindIndex(found => found.Number == before);
            if (top >= 0 && _found[top].IsUsable)
                continue;

            // What is missing tells nothing of what came before it: that one's end is not known.
            (end, hash) = (JournalSegment.Open, 0);
            if (top >= 0)
                AddUnusable(_found[top]);
            top = _found.FindLastIndex(found => found.IsUsable && found.Number < before);
            var isThere = _found.Exists(found => found.Number == before);
            if (top >= 0 && !isThere)
                AddGap(before, Path.GetDirectoryName(segment.Path)!);
        }
    }

    private void AddUnusable(FoundSegment found)
    {
        if (found.Fault == JournalFault.Stream)
            Foreign.Add(found);
        else
            Links.Add(new SegmentLink(null, 0, new MissingSegment(found.Number, found.Path, found.Fault, found.Why!)));
    }

    private void AddGap(long number, string directory) => Links.Add(new SegmentLink(null, 0, new MissingSegment(
        number,
        Path.Combine(directory, JournalFormat.NameOf(number, JournalFormat.SegmentExtension)),
        JournalFault.Gap,
        "the file is missing")));
}
