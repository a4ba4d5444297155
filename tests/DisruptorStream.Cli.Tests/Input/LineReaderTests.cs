using System.Text;
using CsCheck;
using DisruptorStream.Cli.Input;

namespace DisruptorStream.Cli.Tests.Input;

public sealed class LineReaderTests
{
    [Fact]
    public async Task TryRead_QuotedBreaks_BelongToTheRecord()
    {
        var records = await ReadAsync("a,b\r\n1,\"x\ny\n\"\n\n2,z", chunkBytes: 3, hasQuotes: true);

        Assert.Equal([(1, "a,b"), (2, "1,\"x\ny\n\""), (5, ""), (6, "2,z")], records);
    }

    [Fact]
    public async Task TryRead_WithoutQuotes_EveryBreakEndsARecord() =>
        Assert.Equal([(1, "\"x"), (2, "y\"")], await ReadAsync("\"x\ny\"\n", chunkBytes: 2, hasQuotes: false));

    [Fact]
    public async Task TryRead_NothingAtAll_GivesNoRecord() =>
        Assert.Empty(await ReadAsync("", chunkBytes: 5, hasQuotes: true));

    [Fact]
    public void TryRead_AnyChunks_GiveTheSameLines() =>
        Gen.Select(Gen.String[Gen.OneOf(Gen.Char['a', 'c'], Gen.Const('\n')), 0, 200], Gen.Int[1, 50]).Sample(
            (text, chunkBytes) =>
        {
            var lines = text.Split('\n');
            var expected = lines[^1].Length == 0 ? lines[..^1] : lines;
            return ReadAsync(text, chunkBytes, hasQuotes: true).GetAwaiter().GetResult()
                .Select(record => record.Text).SequenceEqual(expected);
        });

    [Fact]
    public async Task FillAsync_QuoteWithoutPartner_IsRefusedAtTheLimit()
    {
        var endless = new byte[LineReader.MaxRecordBytes + (4 << 20)];
        endless.AsSpan().Fill((byte)'x');
        endless[0] = (byte)'"';
        await using var reader = new LineReader(new MemoryStream(endless), hasQuotes: true);

        var exception = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            while (await reader.FillAsync(CancellationToken.None))
                Assert.False(reader.TryRead(out _));
        });

        Assert.Contains("line 1", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<List<(long Line, string Text)>> ReadAsync(string text, int chunkBytes, bool hasQuotes)
    {
        await using var reader = new LineReader(new ChunkedStream(Encoding.UTF8.GetBytes(text), chunkBytes), hasQuotes);
        var records = new List<(long, string)>();
        do
        {
            while (reader.TryRead(out var record))
                records.Add((reader.LineNumber, Encoding.UTF8.GetString(record)));
        }
        while (await reader.FillAsync(CancellationToken.None));
        return records;
    }
}
