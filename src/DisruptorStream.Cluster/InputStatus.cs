namespace DisruptorStream.Cluster;

/// <summary>How far an input of a partition was handled.</summary>
/// <param name="Name">The name of its log.</param>
/// <param name="Position">The position of the last record that was handled; 0 for none.</param>
/// <param name="EndPosition">
/// That of the last record in the log, when it was last looked at, about every second; 0 for none or not known.
/// </param>
public sealed record InputStatus(string Name, long Position, long EndPosition)
{
    /// <summary>
    /// How far it is behind: the difference of the positions, which is at least as large as the count of records.
    /// </summary>
    public long Lag => Math.Max(0, EndPosition - Position);
}
