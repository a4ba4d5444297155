using System.Text;
using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Emission.Texts;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission.Texts;

public sealed class ResultTextTests
{
    private static readonly ResultSchema Schema = new(
        ["count", "sum, \"all\"", "größte", "text"],
        [MeasureType.Int64, MeasureType.Double, MeasureType.Double, MeasureType.Symbol],
        [true, false, false, false]);

    private static readonly string[] OddKeys =
    [
        "", "a", "tenant-1", "x,y", "\"", "\"\"a,\"", "line\r\nline", "Zürich", "\ud83d\ude00", "\ud83d",
        "<b>&'+`\u0001\u007f",
    ];

    private static readonly Gen<string> Keys =
        Gen.OneOf(Gen.Int[0, OddKeys.Length - 1].Select(at => OddKeys[at]), Gen.String);

    private static readonly Gen<long> Values = Gen.OneOf(
        Gen.Long,
        Gen.Double.Select(BitConverter.DoubleToInt64Bits),
        Gen.Int[-2_000, 2_000].Select(cents => BitConverter.DoubleToInt64Bits(cents / 100.0)),
        Gen.Const(BitConverter.DoubleToInt64Bits(double.NaN)),
        Gen.Const(BitConverter.DoubleToInt64Bits(-0.0)));

    // Few different panes: many rows are like the one before them, in all or in all but one thing.
    private static readonly Gen<ResultHeader> Panes = Gen.Select(
        Gen.Long[-3, 3], Gen.Long[1, 2], Gen.Int[0, 1], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 255], Gen.Int[0, 2])
        .Select((start, length, pane, rank, timing, flags, sequence) => new ResultHeader
        {
            StartTicks = start * 123_456_789_012,
            EndTicks = (start * 123_456_789_012) + (length * TimeSpan.TicksPerMinute),
            PaneIndex = pane,
            Rank = rank,
            Timing = (PaneTiming)timing,
            Flags = (ResultFlags)flags,
            Sequence = sequence,
            FailureIndex = -1,
        });

    private static readonly Gen<(ResultHeader Pane, string Key, long[] Values, bool Fails, int Times)[]> Rows =
        Gen.Select(Panes, Keys, Values.Array[4], Gen.Int[0, 9].Select(one => one == 0), Gen.Int[1, 4]).Array[0, 12];

    [Theory]
    [InlineData(FileSinkFormat.Csv, WindowTimes.Moments)]
    [InlineData(FileSinkFormat.Csv, WindowTimes.Ticks)]
    [InlineData(FileSinkFormat.Ndjson, WindowTimes.Moments)]
    [InlineData(FileSinkFormat.Ndjson, WindowTimes.Ticks)]
    public void Add_AnyResults_IsTheFrameworksText(FileSinkFormat format, WindowTimes times) => Rows.Sample(rows =>
    {
        var batch = new ResultBatch<string>(Schema, 4 * rows.Length, isOwned: true);
        foreach (var (pane, key, values, fails, count) in rows)
        {
            for (var time = 0; time < count; time++)
            {
                var failed = fails && time == 1;
                batch.Add(
                    pane with { FailureIndex = failed ? 0 : -1 },
                    key,
                    values,
                    failed ? new InvalidOperationException("it, \"failed\"") : null);
            }
        }

        batch.NumberFrom(1);
        batch.EndAt(shutdownSequence: 1);
        Assert.Equal(Encoding.UTF8.GetBytes(Expected(format, times, batch)), Written(format, times, batch));
    });

    private static byte[] Written(FileSinkFormat format, WindowTimes times, ResultBatch<string> batch)
    {
        var text = new ResultText<string>(format, Schema, "by \"key\"", times);
        text.Rows.AddLines(text.Rows.Header);
        foreach (var result in batch)
            text.Add(result);
        return text.Rows.Bytes.ToArray();
    }

    private static string Expected(FileSinkFormat format, WindowTimes times, ResultBatch<string> batch)
    {
        var table = new ResultTable<string>(Schema, "by \"key\"", times);
        var cells = new FrameworkCells(format, table.Columns);
        foreach (var result in batch)
        {
            table.Write(result, ref cells);
            cells.EndRow();
        }

        return cells.Text;
    }
}
