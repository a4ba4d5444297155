namespace DisruptorStream.Saving;

/// <summary>What a saved state is of.</summary>
/// <param name="Layout">A fingerprint of what decides how state lies in memory.</param>
/// <param name="Sequence">The last sequence whose slot is in the state.</param>
internal readonly record struct StateHeader(UInt128 Layout, long Sequence);
