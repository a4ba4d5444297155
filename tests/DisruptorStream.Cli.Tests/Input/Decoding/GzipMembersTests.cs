using System.IO.Compression;
using DisruptorStream.Cli.Input.Decoding;
using DisruptorStream.Cli.Tests.Input.Records;

namespace DisruptorStream.Cli.Tests.Input.Decoding;

public sealed class GzipMembersTests
{
    private static readonly byte[] Zeros = new byte[200_000];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Read_SeveralMembersAndPadding_GivesAllTheirText(int chunkBytes)
    {
        Assert.Equal("ab"u8, Read([.. Member("a"u8), .. Member("b"u8)], chunkBytes));
        Assert.Equal("ab"u8, Read([.. Member("a"u8), .. Member("b"u8), 0], chunkBytes));
        Assert.Equal("ab"u8, Read([.. Member("a"u8), .. Member("b"u8), .. Zeros], chunkBytes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Read_SomethingElseBehindTheLastMember_IsDamage(int chunkBytes)
    {
        foreach (var rest in new byte[][]
        {
            [.. "x"u8], [.. "time,v\n"u8], [0, 0, 1], [0x1F, 0], [.. Zeros, 7], [7, .. Zeros],
        })
        {
            byte[] bytes = [.. Member("a"u8), .. Member("b"u8), .. rest];

            var damage = Assert.Throws<InvalidDataException>(() => Read(bytes, chunkBytes));
            Assert.Contains("is damaged", damage.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Member(ReadOnlySpan<byte> text)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(text);
        return stream.ToArray();
    }

    private static byte[] Read(byte[] bytes, int chunkBytes)
    {
        using var stream = new DecodingStream("input", new ChunkedStream(bytes, chunkBytes), TextEncoding.Utf8);
        using var text = new MemoryStream();
        stream.CopyTo(text, 16);
        return text.ToArray();
    }
}
