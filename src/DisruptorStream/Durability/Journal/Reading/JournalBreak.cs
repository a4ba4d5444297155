namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>A place where the journal does not go on as it should: its end, or damage.</summary>
/// <param name="At">Behind the last frame before it.</param>
/// <param name="Path">The segment.</param>
/// <param name="Fault">What is wrong there.</param>
/// <param name="Why">What more is known; null for nothing.</param>
internal readonly record struct JournalBreak(JournalPosition At, string Path, JournalFault Fault, string? Why = null)
{
    public JournalDamage ToDamage() =>
        new(Path, At.Offset, At.NextSequence, Fault, Why ?? FrameChain.Describe(Fault));
}
