using DisruptorStream.Emission;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Emission.Records;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Reporting;
using DisruptorStream.Reporting.Instruments;
using DisruptorStream.Topology;
using DisruptorStream.Watermarks;

namespace DisruptorStream;

/// <summary>Takes keyed events and gives results of windows.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Any thread may call any member; in Inline execution one at a time. Events may be published as soon as it is built,
/// and are handled once it is started.
/// </remarks>
public partial class StreamProcessor<TKey> : IAsyncDisposable
    where TKey : notnull
{
    private readonly ProcessorParts<TKey> _parts;
    private readonly Metering<TKey>? _metering;
    private readonly Lock _gate = new();
    private KeyedPublisher<TKey>? _default;

    internal StreamProcessor(ProcessorParts<TKey> parts)
    {
        _parts = parts;
        _metering = Metering<TKey>.Attach(parts);
    }

    /// <summary>The processor's own name, as it was built with.</summary>
    public string Name => _parts.Plan.Name;

    /// <summary>
    /// Completes when the processor has stopped; faults with a <see cref="PipelineException"/> when a stage failed.
    /// </summary>
    public Task Completion => _parts.Runtime.Completion;

    /// <summary>
    /// The combined watermark, in ticks since the Unix epoch, as of the newest batch; null for none yet.
    /// </summary>
    /// <remarks>No further event is expected before it. <see cref="long.MaxValue"/> after the end of input.</remarks>
    public long? WatermarkTicks =>
        _parts.Assignment.WatermarkTicks is var ticks && ticks == long.MinValue ? null : ticks;

    internal ProcessorParts<TKey> Parts => _parts;

    /// <summary>
    /// The publisher behind the processor's own publish methods: a source that exists from the first use on.
    /// </summary>
    private KeyedPublisher<TKey> Default => Volatile.Read(ref _default) ?? CreateDefault();

    /// <summary>Starts the worker threads. Inline has none, and needs no start.</summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    /// <exception cref="ProcessorStoppedException">It was stopped.</exception>
    public void Start() => _parts.Runtime.Start();

    /// <summary>Adds a source, with a watermark of its own.</summary>
    /// <param name="name">Its name, of its own among the sources there are.</param>
    /// <exception cref="ArgumentException">The name is empty or in use.</exception>
    /// <exception cref="ProcessorStoppedException">The processor takes no more.</exception>
    public KeyedPublisher<TKey> CreatePublisher(string name) => new(name, BeginWriter(), _parts.Ledger.Sources);

    /// <summary>
    /// Looks a key up once, for publishing without a look-up. Dispose the handle when it is no longer used.
    /// </summary>
    /// <param name="key">The key; it is added if it is new.</param>
    /// <exception cref="InvalidOperationException">It is new, and there are as many keys as there may be.</exception>
    public KeyHandle GetKey(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _parts.Ledger.Keys.Pin(key);
    }

    /// <summary>Reads the clock and hands it to the stages now, without waiting for the next tick.</summary>
    /// <exception cref="ProcessorStoppedException">The processor was stopped.</exception>
    public void Advance()
    {
        _parts.RuntimeParts.Ring.ThrowIfClosed();
        _parts.RuntimeParts.Ticker.Tick();
    }

    /// <summary>Completes when everything published so far has been handled and its results delivered.</summary>
    /// <param name="cancellationToken">Ends the wait, and nothing else. Looked at before all else.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="PipelineException">A stage has failed.</exception>
    /// <exception cref="ResultBufferFullException">Results wait for a reader that is not there.</exception>
    /// <exception cref="ProcessorStoppedException">The processor was aborted before all that.</exception>
    /// <exception cref="EngineHeldException">
    /// Nothing has moved for <see cref="StreamProcessorOptions.ShutdownTimeout"/>; the message says what holds it.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The processor has not been started; or a sink or the like calls, on the thread that would be waited for.
    /// </exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) =>
        _parts.Runtime.FlushAsync(cancellationToken);

    /// <summary>The results, in their order, to the end. Where there are sinks, from about the first call on.</summary>
    /// <param name="cancellationToken">Ends the enumeration. Looked at before all else.</param>
    /// <remarks>
    /// One enumeration at a time; each result goes to one reader. Results own their memory. To read before
    /// <see cref="Start"/> is fair: the reader waits, and a log line says so after a second. While
    /// <see cref="StreamProcessorOptions.ResultBufferSize"/> of them wait, the emitting thread is held, and in the
    /// end the publishers.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Another enumeration is under way.</exception>
    /// <exception cref="PipelineException">A stage has failed, and everything before has been read.</exception>
    public IAsyncEnumerable<WindowResult<TKey>> ReadResultsAsync(CancellationToken cancellationToken = default) =>
        _parts.Results.ReadAllAsync(cancellationToken);

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
        where TRow : IResultRow<TRow, TKey> => new(_parts.Dispatcher.Schema);

    /// <summary>Takes the oldest result that is waiting, if there is one.</summary>
    /// <param name="result">The result.</param>
    /// <returns>False when there is none now.</returns>
    /// <exception cref="InvalidOperationException">An enumeration is under way.</exception>
    /// <exception cref="PipelineException">A stage has failed, and everything before has been read.</exception>
    public bool TryReadResult(out WindowResult<TKey> result) => _parts.Results.TryRead(out result);

    /// <summary>
    /// Adds a reader of its own, with a buffer of its own: it gets all results from about the call on, whatever others
    /// read. Dispose it when it is no longer read.
    /// </summary>
    /// <param name="options">Size of the buffer, and what happens when it is full; null for the defaults.</param>
    /// <remarks>
    /// Create it before <see cref="Start"/> to get them all. Where there are readers and no sinks, the processor's own
    /// buffer is fed from the first <see cref="ReadResultsAsync"/> or <see cref="TryReadResult"/> on. After the end of
    /// the processor the reader ends at once.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is in use.</exception>
    public ResultReader<TKey> CreateResultReader(ResultReaderOptions? options = null) =>
        _parts.Readers.Create(options ?? new ResultReaderOptions());

    /// <summary>Stops. Completes when every worker thread has ended; any further call only waits for that.</summary>
    /// <param name="mode">What becomes of what is under way. Default <see cref="StopMode.Drain"/>.</param>
    /// <param name="cancellationToken">
    /// Aborts the stop: control returns within <see cref="StreamProcessorOptions.ShutdownTimeout"/>. Looked at before
    /// all else, also where the processor has ended already; with <see cref="StopMode.Abort"/> not at all.
    /// </param>
    /// <exception cref="PipelineException">A stage has failed.</exception>
    /// <exception cref="ResultBufferFullException">
    /// More results than the buffer holds are waiting and nobody reads; read them, and await <see cref="Completion"/>.
    /// </exception>
    /// <exception cref="ProcessorStoppedException">Another call aborted the processor meanwhile.</exception>
    /// <exception cref="EngineHeldException">
    /// Nothing has moved for <see cref="StreamProcessorOptions.ShutdownTimeout"/>; stop again, or dispose.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A sink or the like calls, on the thread that would be waited for. It may abort: that returns at once.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the processor was aborted.</exception>
    public Task StopAsync(StopMode mode = StopMode.Drain, CancellationToken cancellationToken = default) =>
        _parts.Runtime.StopAsync(mode, cancellationToken);

    /// <summary>The sources and how far each has come, in the order in which they were added.</summary>
    public IReadOnlyList<SourceWatermark> GetSources() => SourcesReader.SourcesOf(_parts);

    /// <summary>What the processor has done so far. Holds none of its threads up; costs some microseconds.</summary>
    public ProcessorStats GetStats() => StatsReader.StatsOf(_parts);

    /// <summary>What the builder's wishes were compiled to.</summary>
    public ExplainPlan ExplainPlan() =>
        PlanText.Describe(_parts.Plan, _parts.Shards[0].Store.BytesPerRecord, _parts.RingBytes);

    /// <summary>Aborts what still runs, and frees its memory. Emits nothing more.</summary>
    /// <remarks>
    /// Returns within <see cref="StreamProcessorOptions.ShutdownTimeout"/>, and no call of a sink begins afterwards.
    /// From a sink it returns at once, and the end comes when the sink has returned. Any further call only waits.
    /// </remarks>
    public async ValueTask DisposeAsync()
    {
        await _parts.Runtime.DisposeAsync().ConfigureAwait(false);
        _metering?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the state can be saved: keys of this type have a codec.</summary>
    internal bool CanSaveState => _parts.Ledger.HasCodec;

    /// <summary>Writes the state as of now: all that was published before, and nothing after it.</summary>
    /// <param name="state">Where it goes; written on a thread of the engine, which holds still meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>
    /// What has fired is delivered before. Equal histories give equal bytes where no publisher runs beside it.
    /// </remarks>
    internal Task SaveStateAsync(Stream state, CancellationToken cancellationToken = default) =>
        _parts.Runtime.SaveAsync(state, cancellationToken);

    /// <summary>Somebody is going to read the results: they are kept from the first one on.</summary>
    internal void ExpectReader() => _parts.Results.ExpectReader();

    /// <summary>
    /// Has a call made, once, when the buffer of results is full and nobody has ever read it. Before the start.
    /// </summary>
    internal void TellIfUnread(Action tell) => _parts.Results.OnUnread = tell;

    /// <summary>Who was expected to read has done so, or never will.</summary>
    internal void ForgetReader() => _parts.Results.ForgetReader();

    /// <summary>The clock comes before the first source.</summary>
    private protected EventWriter<TKey> BeginWriter()
    {
        _parts.RuntimeParts.Ticker.Begin();
        return _parts.Writer;
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
