using DisruptorStream.Aggregation;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Testing.Contracts;

/// <summary>A sink, driven as a processor does it, from one call to the next.</summary>
internal sealed class SinkUnderTest<TKey>
{
    private const long TicksPerWindow = TimeSpan.TicksPerSecond;

    private static readonly ResultSchema Schema = new(["count", "sum"], [MeasureType.Int64, MeasureType.Double]);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Func<int, TKey> _keyOf;
    private bool _isStarted;

    /// <param name="sink">The sink.</param>
    /// <param name="keyOf">Makes keys.</param>
    public SinkUnderTest(IDurableStore sink, Func<int, TKey> keyOf)
    {
        if (sink is not (IDurableSink<TKey> or IAsyncDurableSink<TKey>))
        {
            throw new ArgumentException(
                $"The sink must be an IDurableSink<{typeof(TKey).Name}> or an IAsyncDurableSink<{typeof(TKey).Name}>; "
                + $"{sink?.GetType()} is neither.",
                nameof(sink));
        }

        Sink = sink;
        _keyOf = keyOf;
    }

    public IDurableStore Sink { get; }

    /// <summary>Opens it, and starts it the first time.</summary>
    public async Task<long> OpenAsync(DurableSinkOwner owner, CancellationToken token)
    {
        var held = await Sink.OpenAsync(owner, token).AsTask().WaitAsync(Patience, token).ConfigureAwait(false);
        if (_isStarted)
            return held;
        _isStarted = true;
        var context = new SinkContext { ProcessorName = owner.ProcessorName, Schema = Schema };
        if (Sink is IDurableSink<TKey> sink)
        {
            sink.OnStart(context);
        }
        else
        {
            await ((IAsyncDurableSink<TKey>)Sink).StartAsync(context, token).AsTask().WaitAsync(Patience, token)
                .ConfigureAwait(false);
        }

        return held;
    }

    /// <summary>Writes results with these numbers.</summary>
    public async Task WriteAsync(long first, long last, CancellationToken token)
    {
        var batch = Batch(first, (int)(last - first + 1));
        if (Sink is IDurableSink<TKey> sink)
        {
            sink.OnResults(batch);
        }
        else
        {
            await ((IAsyncDurableSink<TKey>)Sink).WriteAsync([.. batch], token).AsTask()
                .WaitAsync(Patience, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private ResultBatch<TKey> Batch(long first, int count)
    {
        var batch = new ResultBatch<TKey>(Schema, count, isOwned: true);
        for (var row = 0; row < count; row++)
        {
            var number = first + row;
            var header = new ResultHeader
            {
                Sequence = number,
                StartTicks = number * TicksPerWindow,
                EndTicks = (number + 1) * TicksPerWindow,
                OrderStartTicks = number * TicksPerWindow,
                OrderEndTicks = (number + 1) * TicksPerWindow,
                Timing = PaneTiming.OnTime,
                Flags = ResultFlags.Last,
                FailureIndex = -1,
            };
            long[] values = [number, BitConverter.DoubleToInt64Bits(number / 4.0)];
            batch.Add(in header, _keyOf((int)(number % 3)), values, failure: null);
        }

        batch.NumberFrom(first);
        return batch;
    }
}
