using DisruptorStream.Aggregation;
using DisruptorStream.Emission;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.LoadTests.Sinks;

/// <summary>The results that sinks and bare clients write, in writes of the same size.</summary>
internal sealed class SinkRows
{
    private const int Keys = 1_000;

    /// <param name="rows">How many results.</param>
    /// <param name="perWrite">How many a write has.</param>
    public SinkRows(int rows, int perWrite)
    {
        Rows = rows;
        PerWrite = perWrite;
        for (var first = 0; first < rows; first += perWrite)
        {
            var batch = Batch(first, Math.Min(perWrite, rows - first));
            Batches.Add(batch);
            Writes.Add([.. batch]);
        }
    }

    /// <summary>The columns.</summary>
    public static ResultSchema Schema { get; } =
        new(["count", "sum", "mean"], [MeasureType.Int64, MeasureType.Double, MeasureType.Double]);

    /// <summary>How many there are.</summary>
    public int Rows { get; }

    /// <summary>How many a write has.</summary>
    public int PerWrite { get; }

    /// <summary>The results as the engine hands them out, a batch for each write.</summary>
    public List<ResultBatch<string>> Batches { get; } = [];

    /// <summary>The results of each write.</summary>
    public List<WindowResult<string>[]> Writes { get; } = [];

    private static ResultBatch<string> Batch(int first, int count)
    {
        var batch = new ResultBatch<string>(Schema, count, isOwned: true);
        for (var row = first; row < first + count; row++)
        {
            var start = row / Keys * TimeSpan.TicksPerMinute;
            var header = new ResultHeader
            {
                Sequence = row,
                StartTicks = start,
                EndTicks = start + TimeSpan.TicksPerMinute,
                OrderStartTicks = start,
                OrderEndTicks = start + TimeSpan.TicksPerMinute,
                Timing = PaneTiming.OnTime,
                Flags = ResultFlags.Last,
                FailureIndex = -1,
            };
            long[] values = [row, BitConverter.DoubleToInt64Bits(row / 3.0), BitConverter.DoubleToInt64Bits(row / 7.0)];
            batch.Add(in header, $"tenant-{row % Keys}", values, failure: null);
        }

        batch.NumberFrom(first + 1);
        return batch;
    }
}
