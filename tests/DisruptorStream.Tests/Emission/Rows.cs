using DisruptorStream.Aggregation;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Events;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission;

/// <summary>Rows, schemas, keys and outputs for the tests of emission.</summary>
internal static class Rows
{
    public static ResultSchema CountAndSum { get; } =
        new(["count", "sum"], [MeasureType.Int64, MeasureType.Double]);

    public static ResultSchema OneMeasure { get; } = new(["value"], [MeasureType.Double]);

    public static ResultHeader Pane(
        long sequence,
        long end = 10,
        long start = 0,
        int key = 0,
        int pane = 0,
        PaneTiming timing = PaneTiming.OnTime,
        ResultFlags flags = ResultFlags.None,
        int failure = -1) => new()
        {
            Sequence = sequence,
            EndTicks = end,
            StartTicks = start,
            OrderEndTicks = end,
            OrderStartTicks = start,
            KeyId = key,
            PaneIndex = pane,
            OrderPaneIndex = pane,
            Timing = timing,
            Flags = flags,
            FailureIndex = failure,
        };

    public static ResultHeader Dropped(long sequence, int key = 0, DropReason reason = DropReason.Late) => new()
    {
        Sequence = sequence,
        StartTicks = 5,
        EndTicks = sequence,
        OrderStartTicks = 5,
        OrderEndTicks = long.MinValue,
        KeyId = key,
        FailureIndex = -1,
        Flags = ResultFlags.Dropped,
        Reason = reason,
    };

    public static long[] Values(long count, double sum) => [count, BitConverter.DoubleToInt64Bits(sum)];

    public static ResultBatch<string> Batch(params ReadOnlySpan<ResultHeader> rows)
    {
        var batch = new ResultBatch<string>(CountAndSum, Math.Max(1, rows.Length));
        foreach (var row in rows)
            batch.Add(in row, $"key{row.KeyId}", Values(row.Sequence, row.Sequence / 2.0), failure: null);

        return batch;
    }

    public static ResultBatch<string> Owned(int count, long firstSequence = 0)
    {
        var rows = new ResultHeader[count];
        for (var row = 0; row < count; row++)
            rows[row] = Pane(firstSequence + row);

        return Batch(rows).ToOwned(0, count);
    }

    internal sealed class Keys : IKeySource<string>
    {
        public void CopyKeys(ReadOnlySpan<int> keyIds, Span<string> keys)
        {
            for (var index = 0; index < keyIds.Length; index++)
                keys[index] = KeyOf(keyIds[index]);
        }

        private readonly string[] _keys = [.. Enumerable.Range(0, 64).Select(id => $"key{id}")];

        public string KeyOf(int keyId) => _keys[keyId];
    }

    internal sealed class Failures : IFailureSource
    {
        public Exception FailureOf(int keyId, int failureIndex) =>
            new InvalidOperationException($"failure {failureIndex} of key {keyId}");
    }

    /// <summary>Keeps what it is given.</summary>
    internal sealed class Recorder : ResultOutput
    {
        public List<(ResultHeader Header, long[] Values)> Taken { get; } = [];

        public override void Add(in ResultHeader header, ReadOnlySpan<long> values) =>
            Taken.Add((header, values.ToArray()));

        public override void Flush()
        {
        }
    }
}
