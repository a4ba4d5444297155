using System.Text;
using CsCheck;
using DisruptorStream.Cli.Input.Decoding;
using DisruptorStream.Cli.Tests.Input.Records;

namespace DisruptorStream.Cli.Tests.Input.Decoding;

public sealed class DecodingStreamTests
{
    [Fact]
    public void Read_AnyEncodingInAnyChunks_GivesTheTextInUtf8() =>
        Gen.Select(
            Gen.String[Gen.Char["ab,\n\u00e9\u00ff\u4e2d"], 1, 200],
            Gen.Int[1, 7],
            Gen.Int[0, 2]).Sample((text, chunkBytes, way) =>
        {
            var encoding = way == 0 ? Encoding.Unicode : way == 1 ? Encoding.BigEndianUnicode : Encoding.UTF8;
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
            return Encoding.UTF8.GetString(Read(bytes, TextEncoding.Utf8, chunkBytes)) == text;
        });

    [Theory]
    [InlineData((int)TextEncoding.Latin1, "caf\u00e9\u0080")]
    [InlineData((int)TextEncoding.Windows1252, "caf\u00e9\u20ac")]
    public void Read_OneByteForACharacter_GivesTheTextInUtf8(int encoding, string expected) => Assert.Equal(
        expected,
        Encoding.UTF8.GetString(Read([.. "caf"u8, 0xE9, 0x80], (TextEncoding)encoding, 2)));

    /// <summary>Half of a pair becomes no replacement, which would make different texts equal.</summary>
    [Fact]
    public void Read_HalfAPairOfUtf16_IsNoUtf8()
    {
        byte[] bytes = [0xFF, 0xFE, (byte)'a', 0, 0x00, 0xD8, (byte)'b', 0, 0x3D, 0xD8, 0x00, 0xDE, 0x01, 0xD8, 7];

        byte[] expected = [(byte)'a', 0xFF, (byte)'b', .. "\ud83d\ude00"u8, 0xFF, 0xFF];

        Assert.Equal(expected, Read(bytes, TextEncoding.Utf8, 1));
    }

    [Theory]
    [InlineData("-", "The standard input cannot be read: Is a directory.")]
    [InlineData("a.csv", "The input 'a.csv' cannot be read: Is a directory.")]
    public async Task Read_AnInputThatCannotBeRead_IsNamed(string name, string expected)
    {
        await using var stream = new DecodingStream(name, new UnreadableStream(), TextEncoding.Utf8);

        var exception = await Assert.ThrowsAsync<IOException>(() => stream.ReadExactlyAsync(new byte[9]).AsTask());
        Assert.Equal(expected, exception.Message);
    }

    private static byte[] Read(byte[] bytes, TextEncoding encoding, int chunkBytes)
    {
        using var stream = new DecodingStream("input", new ChunkedStream(bytes, chunkBytes), encoding);
        using var text = new MemoryStream();
        stream.CopyTo(text, 16);
        return text.ToArray();
    }

    private sealed class UnreadableStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Is a directory");
    }
}
