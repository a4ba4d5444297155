namespace DisruptorStream.Cli.Input.Rows;

/// <summary>Bytes of a pinned array that may be read, and no more, some bytes beyond both ends.</summary>
/// <remarks>So short fields are loaded at once, wherever they lie.</remarks>
internal readonly unsafe ref struct PaddedBytes
{
    /// <summary>How far beyond both ends the array goes.</summary>
    public const int Padding = 64;

    /// <param name="first">The first byte, in memory that does not move.</param>
    /// <param name="length">How many there are. <see cref="Padding"/> bytes lie before and behind them.</param>
    public PaddedBytes(byte* first, int length)
    {
        First = first;
        Length = length;
    }

    public byte* First { get; }

    public int Length { get; }
}
