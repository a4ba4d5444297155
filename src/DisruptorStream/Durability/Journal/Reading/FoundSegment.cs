using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>The file of a segment, as its header is read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Number">What its name says.</param>
/// <param name="Header">Its header.</param>
/// <param name="Fault">What is wrong with the header.</param>
/// <param name="Why">The same in words; null where nothing is wrong.</param>
internal sealed record FoundSegment(
    string Path, long Number, SegmentHeader Header, JournalFault Fault = JournalFault.None, string? Why = null)
{
    public bool IsUsable => Fault == JournalFault.None;
}
