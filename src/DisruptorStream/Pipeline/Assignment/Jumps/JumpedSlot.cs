namespace DisruptorStream.Pipeline.Assignment.Jumps;

/// <summary>An event that was held because it is far ahead.</summary>
/// <param name="Source">Who sent it, by number.</param>
/// <param name="Sequence">Its sequence.</param>
/// <param name="AheadTicks">How far it is ahead of its source's newest event.</param>
internal readonly record struct JumpedSlot(int Source, long Sequence, long AheadTicks);
