namespace DisruptorStream.Durability.Journal;

/// <summary>A place in a journal where something is wrong that was durable once.</summary>
/// <param name="File">The path of the segment.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="Sequence">The first slot that may be missing.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Why">The same in words.</param>
internal readonly record struct JournalDamage(string File, long Offset, long Sequence, JournalFault Fault, string Why)
{
    public override string ToString() => Fault == JournalFault.Gap
        ? $"'{File}', from slot {Sequence} on: {Why}"
        : $"'{File}' at byte {Offset}, from slot {Sequence} on: {Why}";
}
