namespace DisruptorStream.State.Memory.Copying;

/// <summary>Where an entry of a <see cref="CopyLog"/> is.</summary>
/// <param name="Block">The number of the block.</param>
/// <param name="Offset">The byte in the block at which it begins, behind its header.</param>
/// <param name="Length">How many bytes it has.</param>
internal readonly record struct CopyPlace(int Block, int Offset, int Length);
