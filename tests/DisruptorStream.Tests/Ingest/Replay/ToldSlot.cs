namespace DisruptorStream.Tests.Ingest.Replay;

/// <summary>A slot, and the records that come before it.</summary>
/// <param name="Sequence">Its sequence.</param>
/// <param name="Records">What was added since the slot before.</param>
/// <param name="Retiring">The key that it asks to retire; -1 for other slots.</param>
/// <param name="IsRetired">What became of the key.</param>
internal sealed record ToldSlot(long Sequence, byte[] Records, int Retiring, bool IsRetired);
