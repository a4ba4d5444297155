using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State;

/// <summary>How metrics are read of records: those of accumulators, then those that are made of others.</summary>
internal sealed unsafe partial class AggregatePlan
{
    /// <summary>What is read of the records for a metric; something for one that is not read at all.</summary>
    private MetricQuery RowQueryOf(MetricQuery query) => query.Kind switch
    {
        MetricKind.Rate => new MetricQuery(MetricKind.Count),
        MetricKind.Expression => RowQueryOf(
            Array.Find(_queryOfMetric, other => other.Kind != MetricKind.Expression)),
        _ => query,
    };

    private static long Rate(long count, long spanTicks) =>
        BitConverter.DoubleToInt64Bits(count / ((double)spanTicks / TimeSpan.TicksPerSecond));

    private void ReadAccumulators(byte* record, long spanTicks, Span<long> values)
    {
        foreach (var accumulator in _prepared)
            _extraPanes += accumulator.Prepare(record);
        var accumulators = _accumulatorOfMetric;
        for (var index = 0; index < accumulators.Length; index++)
        {
            if (accumulators[index] is not { } accumulator)
                continue;
            ref readonly var query = ref _queryOfMetric[index];
            values[index] = query.Kind == MetricKind.Rate
                ? Rate(accumulator.Read(record, new MetricQuery(MetricKind.Count)), spanTicks)
                : accumulator.Read(record, in query);
        }

        _derived?.Fill(values[..accumulators.Length], accumulators.Length);
    }

    private void ReadRows(nint* records, ReadOnlySpan<long> spansTicks, Span<long> values, int count)
    {
        var width = _accumulatorOfMetric.Length;
        if (_accumulators.Length == 1)
        {
            _accumulators[0].ReadRows(records, count, _rowQueries, values);
        }
        else
        {
            for (var index = 0; index < width; index++)
                _accumulatorOfMetric[index]?.ReadEach(records, count, in _rowQueries[index], ref values[index], width);
        }

        for (var metric = 0; metric < width; metric++)
        {
            if (_queryOfMetric[metric].Kind != MetricKind.Rate)
                continue;
            for (var index = 0; index < count; index++)
            {
                ref var value = ref values[(index * width) + metric];
                value = Rate(value, spansTicks[spansTicks.Length > 1 ? index : 0]);
            }
        }

        _derived?.Fill(values, width);
    }

    private void ReadGuarded(byte* record, long spanTicks, Span<long> values)
    {
        _marks.ClearRead(record);
        try
        {
            if (!_marks.HasFailed(record))
            {
                ReadAccumulators(record, spanTicks, values);
                return;
            }
        }
        catch (Exception exception)
        {
            _marks.FailRead(record, exception);
        }

        for (var index = 0; index < _accumulatorOfMetric.Length; index++)
            values[index] = MetricBits.Missing(Metrics[index].Type);
    }
}
