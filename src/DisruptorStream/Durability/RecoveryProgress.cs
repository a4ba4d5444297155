namespace DisruptorStream.Durability;

/// <summary>How far a recovery has come.</summary>
/// <param name="SlotsReplayed">Slots of the journal that have been handled again.</param>
/// <param name="SlotsToReplay">Those that there are behind the snapshot.</param>
public readonly record struct RecoveryProgress(long SlotsReplayed, long SlotsToReplay);
