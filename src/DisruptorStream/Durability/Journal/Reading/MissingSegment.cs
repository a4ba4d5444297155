namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>A segment that others name and that is not there, or whose header cannot be read.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Path">Its file; where there is none, where it should be.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Why">The same in words.</param>
internal readonly record struct MissingSegment(long Number, string Path, JournalFault Fault, string Why);
