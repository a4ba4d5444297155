namespace DisruptorStream.Emission.Files;

/// <summary>How far a sink of files has come, as it is noted beside what it writes.</summary>
/// <param name="Generation">Counts the notes: the newest counts.</param>
/// <param name="Epoch">Whose the target is.</param>
/// <param name="Number">The number of the last result that it holds; 0 for none.</param>
/// <param name="Length">How many bytes of the target hold results; what follows is a torn write.</param>
/// <param name="StreamId">Of which stream; empty for none.</param>
/// <param name="OwnerHash">Of which processor and query.</param>
internal readonly record struct FilePosition(
    long Generation, long Epoch, long Number, long Length, string StreamId, ulong OwnerHash);
