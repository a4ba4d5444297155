using DisruptorStream.Emission;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Emission.Records;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Messages;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Reporting.Instruments;
using DisruptorStream.Topology;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;
using DisruptorStream.Windows;

namespace DisruptorStream;

/// <summary>Takes keyed events and gives results of windows.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Any thread may call any member; in Inline execution one at a time. Events may be published as soon as it is built,
/// and are handled once it is started.
/// </remarks>
public partial class StreamProcessor<TKey> : EventProcessor
    where TKey : notnull
{
    private readonly KeyTable<TKey> _keys;
    private readonly DeliveryParts<TKey> _delivery;
    private readonly EventWriter<TKey> _writer;
    private readonly Lock _gate = new();
    private KeyedPublisher<TKey>? _default;

    internal StreamProcessor(ProcessorParts parts, ProcessorInstruments? instruments)
        : base(parts, instruments)
    {
        _keys = ((KeyColumn<TKey>)parts.Ledger.Columns[0]).Keys;
        _delivery = (DeliveryParts<TKey>)parts.Queries[0].Delivery;
        _writer = new EventWriter<TKey>(
            parts.RuntimeParts.Ring,
            _keys,
            parts.Clock,
            parts.Plan.Inputs[0].Rules,
            parts.Plan.Inputs[0].Filters.Count);
    }

    /// <summary>
    /// The publisher behind the processor's own publish methods: a source that exists from the first use on.
    /// </summary>
    private KeyedPublisher<TKey> Default => Volatile.Read(ref _default) ?? CreateDefault();

    /// <summary>Adds a source, with a watermark of its own.</summary>
    /// <param name="name">Its name, of its own among the sources there are.</param>
    /// <exception cref="ArgumentException">The name is empty or in use.</exception>
    /// <exception cref="ProcessorStoppedException">The processor takes no more.</exception>
    public KeyedPublisher<TKey> CreatePublisher(string name) => new(name, BeginWriter(), Parts.Ledger.Sources);

    /// <summary>The id of a key in UTF-8, for as long as no key is retired; below 0 where no more are taken.</summary>
    internal int IdOf(ReadOnlySpan<byte> utf8) => _keys.Intern(utf8);

    /// <summary>
    /// Looks a key up once, for publishing without a look-up. Dispose the handle when it is no longer used.
    /// </summary>
    /// <param name="key">The key; it is added if it is new.</param>
    /// <exception cref="InvalidOperationException">It is new, and there are as many keys as there may be.</exception>
    public KeyHandle GetKey(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _keys.Pin(key);
    }

    /// <summary>The results, in their order, to the end. Where there are sinks, from about the first call on.</summary>
    /// <param name="cancellationToken">Ends the enumeration. Looked at before all else.</param>
    /// <remarks>
    /// One enumeration at a time; each result goes to one reader. Results own their memory. To read before
    /// <see cref="EventProcessor.Start"/> is fair: the reader waits, and a log line says so after a second. While
    /// <see cref="StreamProcessorOptions.ResultBufferSize"/> of them wait, the emitting thread is held, and in the
    /// end the publishers.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Another enumeration is under way.</exception>
    /// <exception cref="PipelineException">A stage has failed, and everything before has been read.</exception>
    public IAsyncEnumerable<WindowResult<TKey>> ReadResultsAsync(CancellationToken cancellationToken = default) =>
        _delivery.Results.ReadAllAsync(cancellationToken);

    /// <summary>As <see cref="ReadResultsAsync(CancellationToken)"/>, with rows of the host's own type.</summary>
    /// <typeparam name="TRow">The type, marked with <see cref="ResultRowAttribute"/>.</typeparam>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="ArgumentException">A member has no metric, or one of another type; thrown at once.</exception>
    public IAsyncEnumerable<TRow> ReadResultsAsync<TRow>(CancellationToken cancellationToken = default)
        where TRow : IResultRow<TRow, TKey> =>
        BindResults<TRow>().ReadAllAsync(ReadResultsAsync(cancellationToken), CancellationToken.None);

    /// <summary>Checks that results can be read as rows of the host's own type, and gives what reads them.</summary>
    /// <typeparam name="TRow">The type, marked with <see cref="ResultRowAttribute"/>.</typeparam>
    /// <exception cref="ArgumentException">A member has no metric, or one of another type.</exception>
    public ResultBinding<TRow, TKey> BindResults<TRow>()
        where TRow : IResultRow<TRow, TKey> => new(_delivery.Schema);

    /// <summary>Takes the oldest result that is waiting, if there is one.</summary>
    /// <param name="result">The result.</param>
    /// <returns>False when there is none now.</returns>
    /// <exception cref="InvalidOperationException">An enumeration is under way.</exception>
    /// <exception cref="PipelineException">A stage has failed, and everything before has been read.</exception>
    public bool TryReadResult(out WindowResult<TKey> result) => _delivery.Results.TryRead(out result);

    /// <summary>
    /// Adds a reader of its own, with a buffer of its own: it gets all results from about the call on, whatever others
    /// read. Dispose it when it is no longer read.
    /// </summary>
    /// <param name="options">Size of the buffer, and what happens when it is full; null for the defaults.</param>
    /// <remarks>
    /// Create it before <see cref="EventProcessor.Start"/> to get them all. Where there are readers and no sinks, the
    /// processor's own buffer is fed from the first <see cref="ReadResultsAsync(CancellationToken)"/> or
    /// <see cref="TryReadResult"/> on. After the end of the processor the reader ends at once.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is in use.</exception>
    public ResultReader<TKey> CreateResultReader(ResultReaderOptions? options = null) =>
        _delivery.Readers.Create(options ?? new ResultReaderOptions());

    /// <summary>How far a window of a key has come, and what it waits for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="window">The window, as <see cref="WindowResult{TKey}.Window"/> has it.</param>
    /// <remarks>As <see cref="EventProcessor.WhyNoResult"/>.</remarks>
    public WindowAnswer Why(TKey key, TimeWindow window)
    {
        ArgumentNullException.ThrowIfNull(key);
        return LedgerReader.WindowOf(Parts, 0, _keys.TryGet(key, out _), window);
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
        Parts, 0, OptionGuard.Defined(reason, nameof(reason)), timestampTicks, sequence);

    /// <summary>Somebody is going to read the results: they are kept from the first one on.</summary>
    internal void ExpectReader() => _delivery.Results.ExpectReader();

    /// <summary>Who was expected to read has done so, or never will.</summary>
    internal void ForgetReader() => _delivery.Results.ForgetReader();

    private protected EventWriter<TKey> BeginWriter()
    {
        BeginSources();
        return _writer;
    }

    private KeyedPublisher<TKey> CreateDefault()
    {
        lock (_gate)
        {
            if (_default is null)
                Volatile.Write(ref _default, CreatePublisher(SourceRegistry.DefaultName));
            return _default!;
        }
    }
}
