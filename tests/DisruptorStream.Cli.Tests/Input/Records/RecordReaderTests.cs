using System.Text;
using CsCheck;
using DisruptorStream.Cli.Input.Records;

namespace DisruptorStream.Cli.Tests.Input.Records;

public sealed class RecordReaderTests
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

    [Theory]
    [InlineData("5\" pipe,x\n6\" pipe,y\n", "5\" pipe,x|6\" pipe,y")]
    [InlineData("a, \"b\nc\",d\n", "a, \"b|c\",d")]
    [InlineData("\\\"a\n\"b\n\"", "\\\"a|\"b\n\"")]
    [InlineData("\"a\"x\nb\n", "\"a\"x|b")]
    [InlineData("\"a\"\"\n\"\"b\",c\nd", "\"a\"\"\n\"\"b\",c|d")]
    [InlineData("a,b\rc\r\rd\r\n\re\r", "a,b|c||d||e")]
    [InlineData("\"a\rb\"\rc", "\"a\rb\"|c")]
    [InlineData("\"\",\"\"\r\n\"a\"\r\nb\r\n", "\"\",\"\"|\"a\"|b")]
    public async Task TryRead_AnyQuote_OpensOnlyAtTheBeginningOfAField(string text, string expected)
    {
        foreach (var chunkBytes in new[] { 1, 2, 7, 1000 })
        {
            var records = await ReadAsync(text, chunkBytes, hasQuotes: true);
            Assert.Equal(expected.Split('|'), records.Select(record => record.Text));
        }
    }

    /// <summary>The obvious machine, a character at a time, gives the same records and fields.</summary>
    [Fact]
    public void Scan_AnyText_CutsAsTheObviousMachineDoes() =>
        Gen.Select(
            Gen.String[Gen.Char["ab,\"\n\r"], 0, 300],
            Gen.Int[1, 90]).Sample((text, chunkBytes) =>
        {
            var expected = ObviousCsv.Read(text);
            var records = ReadCsvAsync(text, chunkBytes).GetAwaiter().GetResult();
            Assert.Equal(expected, records);
        }, iter: 3000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TryRead_RecordBeyondTheLimit_IsPassedOver(bool isQuoted)
    {
        var endless = new byte[RecordReader.MaxRecordBytes + (4 << 20)];
        endless.AsSpan().Fill((byte)'x');
        endless[0] = isQuoted ? (byte)'"' : (byte)'x';
        endless[100] = isQuoted ? (byte)'\n' : (byte)'x';
        "\",1\nnext\n"u8.CopyTo(endless.AsSpan(endless.Length - 9));
        await using var reader = new RecordReader(new MemoryStream(endless), new CsvScanner());
        var seen = new List<(long Line, int Further, bool IsTooLong, string Text)>();
        do
        {
            while (reader.TryRead(out var record))
                seen.Add((reader.LineNumber, reader.FurtherLines, reader.IsTooLong, Encoding.UTF8.GetString(record)));
        }
        while (await reader.FillAsync(CancellationToken.None));

        var further = isQuoted ? 1 : 0;
        Assert.Equal([(1, further, true, ""), (2 + further, 0, false, "next")], seen);
    }

    private static async Task<List<string>> ReadCsvAsync(string text, int chunkBytes)
    {
        var scanner = new CsvScanner();
        await using var reader = new RecordReader(new ChunkedStream(Encoding.UTF8.GetBytes(text), chunkBytes), scanner);
        var records = new List<string>();
        do
        {
            while (reader.TryRead(out var record))
            {
                var fields = new List<string>();
                foreach (var field in scanner.Fields)
                {
                    var one = Encoding.UTF8.GetString(record.Slice(field.Start, field.Length));
                    fields.Add(field.Kind >= CsvFieldKind.Broken ? field.Kind.ToString() : one);
                }

                records.Add($"{reader.LineNumber}: {string.Join('|', fields)}");
            }
        }
        while (await reader.FillAsync(CancellationToken.None));
        return records;
    }

    private static async Task<List<(long Line, string Text)>> ReadAsync(string text, int chunkBytes, bool hasQuotes)
    {
        RecordScanner scanner = hasQuotes ? new CsvScanner() : new LineScanner();
        await using var reader = new RecordReader(new ChunkedStream(Encoding.UTF8.GetBytes(text), chunkBytes), scanner);
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
