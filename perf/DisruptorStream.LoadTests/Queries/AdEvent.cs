namespace DisruptorStream.LoadTests.Queries;

/// <summary>An event of the Yahoo Streaming Benchmark.</summary>
internal struct AdEvent
{
    public long Milliseconds;
    public long Ad;
    public int User;
    public int Page;
    public byte AdType;
    public AdAction Action;

    internal enum AdAction : byte
    {
        View,
        Click,
        Purchase,
    }
}
