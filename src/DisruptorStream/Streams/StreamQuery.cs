using DisruptorStream.Emission;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Emission.Records;
using DisruptorStream.Events;
using DisruptorStream.Messages;
using DisruptorStream.Reporting;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Topology;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;
using DisruptorStream.Windows;

namespace DisruptorStream.Streams;

/// <summary>A query of a stream: its results, and what it has done.</summary>
/// <typeparam name="TKey">The type of its keys.</typeparam>
/// <remarks>Any thread. It ends with its stream.</remarks>
public sealed class StreamQuery<TKey>
    where TKey : notnull
{
    private readonly ProcessorParts _parts;
    private readonly int _index;
    private readonly DeliveryParts<TKey> _delivery;

    internal StreamQuery(ProcessorParts parts, int index, DeliveryParts<TKey> delivery)
    {
        _parts = parts;
        _index = index;
        _delivery = delivery;
    }

    /// <summary>The query's name.</summary>
    public string Name => _parts.Queries[_index].Plan.Name;

    /// <summary>The results, in their order, to the end. Where there are sinks, from about the first call on.</summary>
    /// <inheritdoc cref="StreamProcessor{TKey}.ReadResultsAsync(CancellationToken)"/>
    public IAsyncEnumerable<WindowResult<TKey>> ReadResultsAsync(CancellationToken cancellationToken = default) =>
        _delivery.Results.ReadAllAsync(cancellationToken);

    /// <summary>As <see cref="ReadResultsAsync(CancellationToken)"/>, with rows of the host's own type.</summary>
    /// <inheritdoc cref="StreamProcessor{TKey}.ReadResultsAsync{TRow}"/>
    public IAsyncEnumerable<TRow> ReadResultsAsync<TRow>(CancellationToken cancellationToken = default)
        where TRow : IResultRow<TRow, TKey> =>
        BindResults<TRow>().ReadAllAsync(ReadResultsAsync(cancellationToken), CancellationToken.None);

    /// <inheritdoc cref="StreamProcessor{TKey}.BindResults{TRow}"/>
    public ResultBinding<TRow, TKey> BindResults<TRow>()
        where TRow : IResultRow<TRow, TKey> => new(_delivery.Schema);

    /// <inheritdoc cref="StreamProcessor{TKey}.CreateResultReader"/>
    public ResultReader<TKey> CreateResultReader(ResultReaderOptions? options = null) =>
        _delivery.Readers.Create(options ?? new ResultReaderOptions());

    /// <summary>Takes the oldest result that is waiting, if there is one.</summary>
    /// <inheritdoc cref="StreamProcessor{TKey}.TryReadResult"/>
    public bool TryReadResult(out WindowResult<TKey> result) => _delivery.Results.TryRead(out result);

    /// <summary>
    /// What the query has done so far, with what it shares with the others: sources, watermark, ring. Holds no thread
    /// of the stream up; costs some microseconds.
    /// </summary>
    /// <remarks>
    /// <see cref="ProcessorStats.Keys"/> are those of the query's key, whichever query has seen them.
    /// </remarks>
    public ProcessorStats GetStats() => StatsReader.StatsOf(_parts, _index);

    /// <summary>Why the query gives no result now.</summary>
    /// <inheritdoc cref="EventProcessor.WhyNoResult" path="/remarks"/>
    public NoResultAnswer WhyNoResult() => NoResultReader.Of(_parts, _index);

    /// <summary>How far a window of a key has come, and what it waits for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="window">The window, as <see cref="WindowResult{TKey}.Window"/> has it.</param>
    /// <remarks>As <see cref="EventProcessor.WhyNoResult"/>.</remarks>
    public WindowAnswer Why(TKey key, TimeWindow window)
    {
        ArgumentNullException.ThrowIfNull(key);
        return LedgerReader.WindowOf(_parts, _index, IsKnown(key), window);
    }

    /// <summary>
    /// Why an event was dropped: for one that came too late, what moved the watermark past it, and how much lateness
    /// would have saved it.
    /// </summary>
    /// <param name="dropped">The event, as a sink gets it.</param>
    /// <remarks>As <see cref="EventProcessor.WhyNoResult"/>. A sink may ask from inside its call.</remarks>
    public DropAnswer Why(in DroppedEvent<TKey> dropped) =>
        WhyDropped(dropped.Reason, dropped.TimestampTicks, dropped.Sequence);

    /// <summary>As the other one, for an event of which reason, time and sequence were kept.</summary>
    /// <param name="reason">Why it was dropped.</param>
    /// <param name="timestampTicks">Its time, in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="sequence">Its sequence in the ring.</param>
    /// <exception cref="ArgumentOutOfRangeException">The reason is none of those there are.</exception>
    public DropAnswer WhyDropped(DropReason reason, long timestampTicks, long sequence) => LedgerReader.DropOf(
        _parts, _index, OptionGuard.Defined(reason, nameof(reason)), timestampTicks, sequence);

    /// <summary>What the query was compiled to.</summary>
    internal ExplainPlan ExplainPlan() => PlanText.DescribeQuery(_parts, _parts.Queries[_index]);

    private bool? IsKnown(TKey key) =>
        _parts.Ledger.Columns[_parts.Queries[_index].Plan.KeyColumn] is KeyColumn<TKey> column
            ? column.Keys.TryGet(key, out _)
            : null;
}
