namespace DisruptorStream.Durability.Snapshots;

/// <summary>One snapshot of a directory.</summary>
/// <param name="Name">Of its file, without the directory.</param>
/// <param name="Sequence">The last sequence that is in it, as its name says.</param>
/// <param name="LengthBytes">How long its file is.</param>
/// <param name="Info">What it is of; null where its header cannot be read.</param>
/// <param name="IsChecked">Whether its content was read too, and not only its header.</param>
/// <param name="Problem">Why it is not valid, after: It cannot be used:. Null where nothing wrong was found.</param>
internal sealed record SnapshotEntry(
    string Name, long Sequence, long LengthBytes, SnapshotInfo? Info, bool IsChecked, string? Problem)
{
    /// <summary>Whether nothing wrong was found.</summary>
    public bool IsValid => Problem is null;
}
