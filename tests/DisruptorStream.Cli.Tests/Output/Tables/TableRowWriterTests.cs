using System.Text;
using DisruptorStream.Cli.Output;

namespace DisruptorStream.Cli.Tests.Output.Tables;

public sealed class TableRowWriterTests : IDisposable
{
    private readonly MemoryStream _stream = new();

    [Fact]
    public void Rows_Few_AreAlignedAndRounded()
    {
        var writer = Create(TableStyle.Plain);
        Row(writer, "small", 1_234_567, 1234.56789);
        Row(writer, "\u65e5\u672c", 2, double.NaN);
        Row(writer, "a\u001b[31mred", 0, 0.000123);
        writer.Complete();

        Assert.Equal(
            [
                "key        window_start             count      mean",
                "---------  -------------------  ---------  --------",
                "small      1970-01-01 00:00:01  1,234,567   1,234.6",
                "\u65e5\u672c       1970-01-01 00:00:01          2         -",
                "a\u00b7[31mred  1970-01-01 00:00:01          0  0.000123",
            ],
            Lines());
    }

    [Fact]
    public void Rows_BeforeTheWidthsAreKnown_AreHeldBack()
    {
        var writer = Create(new TableStyle(HeldRows: 3, IsBold: false));
        Row(writer, "a", 1, 1);
        Row(writer, "a", 1, 1);
        writer.FlushToStream();
        Assert.Empty(Lines());

        Row(writer, "longer", 1, 1);
        writer.FlushToStream();
        Assert.Equal(5, Lines().Length);

        Row(writer, "a key that is longer still", 1, 1);
        writer.FlushToStream();
        Assert.StartsWith("a key that is longer still  1970", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_OfALiveInput_AreNotHeldBack()
    {
        var writer = Create(new TableStyle(HeldRows: 0, IsBold: false));
        writer.FlushToStream();
        Assert.Empty(Lines());

        Row(writer, "a", 1, 1);
        writer.FlushToStream();
        Assert.Equal(3, Lines().Length);
    }

    [Fact]
    public void Complete_NoRow_WritesTheHeader()
    {
        Create(new TableStyle(HeldRows: 9, IsBold: true)).Complete();

        Assert.Equal("\u001b[1mkey  window_start  count  mean\u001b[0m", Lines()[0]);
    }

    [Fact]
    public void Write_LongText_IsCut()
    {
        var writer = Create(TableStyle.Plain);
        Row(writer, new string('x', 500), 1, 1);
        writer.Complete();

        Assert.StartsWith(new string('x', 59) + "\u2026  ", Lines()[^1], StringComparison.Ordinal);
    }

    public void Dispose() => _stream.Dispose();

    private RowWriter Create(TableStyle style) =>
        RowWriter.Create(_stream, OutputFormat.Table, ["key", "window_start", "count", "mean"], style);

    private static void Row(RowWriter writer, string key, double count, double mean)
    {
        writer.Write(key);
        writer.WriteTime(TimeSpan.TicksPerSecond);
        writer.Write(count);
        writer.Write(mean);
        writer.EndRow();
    }

    private string[] Lines() =>
        Encoding.UTF8.GetString(_stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
