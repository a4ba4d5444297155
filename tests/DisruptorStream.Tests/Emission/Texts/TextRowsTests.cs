using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Emission.Texts;

namespace DisruptorStream.Tests.Emission.Texts;

public sealed class TextRowsTests
{
    private static readonly ResultColumn[] Columns =
    [
        new("text", ResultColumnType.Text),
        new("number", ResultColumnType.Number),
        new("integer", ResultColumnType.Integer),
    ];

    private static readonly string[] Often = ["a", "b", "x,y", "\"", "line\nline", ""];

    private static readonly double[] Special =
        [0.0, -0.0, 1e15, -1e15, 999_999_999_999_999, 1e15 + 2, double.NaN, double.PositiveInfinity];

    // Texts that come twice in a row are of interest, and those that have to be quoted.
    private static readonly Gen<string> Texts =
        Gen.OneOf(Gen.Int[0, Often.Length - 1].Select(at => Often[at]), Gen.String);

    private static readonly Gen<double> Numbers = Gen.OneOf(
        Gen.Double,
        Gen.Long.Select(bits => BitConverter.Int64BitsToDouble(bits)),
        Gen.Long[-2_000, 2_000].Select(whole => (double)whole),
        Gen.Int[0, Special.Length - 1].Select(at => Special[at]));

    private static readonly Gen<(string Text, double Number, long Integer)[]> Rows =
        Gen.Select(Texts, Numbers, Gen.Long).Array[0, 20];

    [Theory]
    [InlineData(FileSinkFormat.Csv)]
    [InlineData(FileSinkFormat.Ndjson)]
    public void AddText_HalfOfACharacterOfTwo_IsReplaced(FileSinkFormat format)
    {
        var bytes = Encoding.UTF8.GetString(Write(format, [("a\ud83db", 1, 2), ("\ud83d\ude00", 1, 2)]));
        if (format == FileSinkFormat.Csv)
        {
            Assert.Equal("text,number,integer\na\ufffdb,1,2\n\ud83d\ude00,1,2\n", bytes);
            return;
        }

        var texts = bytes.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString());
        Assert.Equal(["a\ufffdb", "\ud83d\ude00"], texts);
    }

    [Fact]
    public void Clear_InTheMiddleOfARow_BeginsWithTheFirstCellAgain()
    {
        var rows = new TextRows(FileSinkFormat.Ndjson, Columns);
        rows.AddText("half");
        rows.Clear();
        rows.AddText("whole");
        rows.AddNumber(1);
        rows.AddInteger(2);
        rows.EndRow();
        Assert.Equal("""{"text":"whole","number":1,"integer":2}""" + "\n", Encoding.UTF8.GetString(rows.Bytes));
    }

    [Fact]
    public void Bytes_Csv_AreWhatTheFrameworkWrites() => Rows.Sample(rows =>
    {
        var expected = new StringBuilder("text,number,integer\n");
        foreach (var row in rows)
        {
            var text = row.Text.AsSpan().ContainsAny(",\"\r\n")
                ? $"\"{row.Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
                : row.Text;
            expected.Append(CultureInfo.InvariantCulture, $"{text},{row.Number},{row.Integer}\n");
        }

        Assert.Equal(Encoding.UTF8.GetBytes(expected.ToString()), Write(FileSinkFormat.Csv, rows));
    });

    [Fact]
    public void Bytes_Ndjson_ReadAsWhatWasWritten() => Rows.Sample(rows =>
    {
        var lines = Encoding.UTF8.GetString(Write(FileSinkFormat.Ndjson, rows)).Split('\n');

        Assert.Equal("", lines[^1]);
        Assert.Equal(rows.Length, lines.Length - 1);
        foreach (var (row, line) in rows.Zip(lines))
        {
            using var read = JsonDocument.Parse(line);
            var number = read.RootElement.GetProperty("number");
            Assert.Equal(InUtf8(row.Text), read.RootElement.GetProperty("text").GetString());
            Assert.Equal(row.Integer, read.RootElement.GetProperty("integer").GetInt64());
            Assert.Equal(double.IsFinite(row.Number), number.ValueKind == JsonValueKind.Number);
            if (!double.IsFinite(row.Number))
                continue;
            var bits = BitConverter.DoubleToInt64Bits(number.GetDouble());
            Assert.Equal(BitConverter.DoubleToInt64Bits(row.Number), bits);
        }
    });

    // Halves of surrogate pairs have no UTF-8.
    private static string InUtf8(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static byte[] Write(FileSinkFormat format, (string Text, double Number, long Integer)[] rows)
    {
        var written = new TextRows(format, Columns);
        written.AddLines(written.Header);
        foreach (var (text, number, integer) in rows)
        {
            written.AddText(text);
            written.AddNumber(number);
            written.AddInteger(integer);
            written.EndRow();
        }

        return written.Bytes.ToArray();
    }
}
