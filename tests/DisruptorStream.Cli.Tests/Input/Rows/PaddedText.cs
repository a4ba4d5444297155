using DisruptorStream.Cli.Input.Rows;

namespace DisruptorStream.Cli.Tests.Input.Rows;

/// <summary>
/// A text in memory that does not move, between bytes that are none of it. One may be used for many texts.
/// </summary>
internal sealed unsafe class PaddedText
{
    private const int MostBytes = 256;

    private readonly byte[] _bytes =
        GC.AllocateUninitializedArray<byte>(MostBytes + (2 * PaddedBytes.Padding), pinned: true);

    public byte* First { get; private set; }

    public int Length { get; private set; }

    /// <param name="text">The text.</param>
    /// <param name="around">What lies before and behind it.</param>
    public PaddedText Set(ReadOnlySpan<byte> text, byte around)
    {
        _bytes.AsSpan().Fill(around);
        text.CopyTo(_bytes.AsSpan(PaddedBytes.Padding));
        Length = text.Length;
        fixed (byte* bytes = _bytes)
            First = bytes + PaddedBytes.Padding;
        return this;
    }
}
