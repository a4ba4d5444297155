using DisruptorStream.Durability.Plans;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Plans.Recording;
using DisruptorStream.Reporting;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Reporting.Durability;
using DisruptorStream.Reporting.Instruments;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Topology;
using DisruptorStream.Watermarks;

namespace DisruptorStream;

/// <summary>
/// What takes events and gives results of windows: a processor with one query, or a stream with several.
/// </summary>
/// <remarks>
/// Any thread may call any member; in Inline execution one at a time. Events may be published as soon as it is built,
/// and are handled once it is started.
/// </remarks>
public abstract class EventProcessor : IAsyncDisposable
{
    private readonly ProcessorParts _parts;
    private readonly Metering? _metering;
    private readonly SilenceWatch _silence;

    // Set before anybody has it.
    private SourceReaders? _readers;

    private protected EventProcessor(ProcessorParts parts, ProcessorInstruments? instruments)
    {
        _parts = parts;
        _metering = Metering.Of(parts, instruments);
        _silence = new SilenceWatch(parts);
        Durability = parts.Durable is { } durable ? new ProcessorDurability(parts, durable) : null;
        FlightRecorder = parts.Recorder is { } recorder ? new FlightRecorder(recorder) : null;
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
    public long? WatermarkTicks => SourcesReader.WatermarkOf(_parts);

    /// <summary>Its journal and its snapshots; null where it was built without DurableIn.</summary>
    public ProcessorDurability? Durability { get; }

    /// <summary>What holds its last slots; null where it was built without RecordTo.</summary>
    public FlightRecorder? FlightRecorder { get; }

    /// <summary>
    /// What it is, as far as state and results depend on it: to be compared with a directory, or written to a file.
    /// </summary>
    /// <remarks>Made at each call.</remarks>
    public StatePlan StatePlan => new(PlanRecorder.Record(_parts.Plan));

    internal ProcessorParts Parts => _parts;

    /// <summary>Starts the worker threads. Inline has none, and needs no start.</summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    /// <exception cref="ProcessorStoppedException">It was stopped.</exception>
    public void Start()
    {
        _parts.Runtime.Start();
        _readers?.Start();
        _silence.Begin();
    }

    /// <summary>Reads the clock and hands it to the stages now, without waiting for the next tick.</summary>
    /// <exception cref="ProcessorStoppedException">The processor was stopped.</exception>
    public void Advance()
    {
        _parts.RuntimeParts.Ring.ThrowIfClosed();
        _parts.RuntimeParts.Ticker.Tick();
        _silence.LookInline();
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
    /// A sink or the like calls, on the thread that would be waited for. It may abort: that returns at once. Or
    /// <see cref="StopMode.Suspend"/> was asked for, and the state is not durable: that is looked at before all else,
    /// and nothing happens.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the processor was aborted.</exception>
    public Task StopAsync(StopMode mode = StopMode.Drain, CancellationToken cancellationToken = default) =>
        WithReaders(mode, _parts.Runtime.StopAsync(mode, cancellationToken));

    /// <summary>Stops because the host shuts down: what the end of the input fires then is partial.</summary>
    /// <inheritdoc cref="StopAsync" path="/exception"/>
    internal Task ShutDownAsync(StopMode mode, CancellationToken cancellationToken) =>
        WithReaders(mode, _parts.Runtime.ShutDownAsync(mode, cancellationToken));

    /// <summary>Whether its state is durable, so that it can be suspended.</summary>
    internal bool IsDurable => _parts.RuntimeParts.OnSuspend is not null;

    /// <summary>Completes when what is being published is in, and durable.</summary>
    private protected async ValueTask ThenDurableAsync(ValueTask published, CancellationToken cancellationToken)
    {
        await published.ConfigureAwait(false);
        await Durability!.WhenDurableAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The token, where there is a journal, and the caller may wait for it.</summary>
    /// <exception cref="InvalidOperationException">There is none, or the call comes from inside.</exception>
    private protected CancellationToken WhereDurable(CancellationToken cancellationToken)
    {
        if (Durability is null)
        {
            throw new InvalidOperationException(
                $"The processor '{Name}' keeps no journal, so that nothing is ever durable; build it with DurableIn.");
        }

        // Before anything is published.
        if (!cancellationToken.IsCancellationRequested)
            _parts.RuntimeParts.Gate.ThrowIfInside("PublishDurableAsync");
        return cancellationToken;
    }

    /// <summary>The sources and how far each has come, in the order in which they were added.</summary>
    public IReadOnlyList<SourceWatermark> GetSources() => SourcesReader.SourcesOf(_parts);

    /// <summary>
    /// What the processor, or the stream with all its queries, has done so far. Holds none of its threads up; costs
    /// some microseconds for each query.
    /// </summary>
    public ProcessorStats GetStats() => _readers is { } readers
        ? StatsReader.StatsOf(_parts) with { Readers = readers.Stats }
        : StatsReader.StatsOf(_parts);

    /// <summary>
    /// Why there is no result now: which windows are open, for which watermark they wait, who holds it, and what can be
    /// done. Of a stream, that of each query.
    /// </summary>
    /// <remarks>
    /// Any thread, in every state, also from inside a sink. It holds no thread of the processor up; it waits at most
    /// for the batch of slots that is being assigned to windows. Costs some microseconds for each query.
    /// </remarks>
    public NoResultAnswer WhyNoResult() => NoResultReader.Of(_parts);

    /// <summary>What the builder's wishes were compiled to.</summary>
    public ExplainPlan ExplainPlan() =>
        PlanText.Describe(_parts);

    /// <summary>Aborts what still runs, and frees its memory. Emits nothing more.</summary>
    /// <remarks>
    /// Waits for sinks and the like within <see cref="StreamProcessorOptions.ShutdownTimeout"/>, and no call of a sink
    /// begins afterwards. Where these have returned, it waits until files are closed and directories are free, for 10
    /// seconds at most; else that comes when they return, and <see cref="Completion"/> then. From the engine's thread,
    /// such as from a sink, it returns at once; an asynchronous sink that awaits it waits for itself until the time-out
    /// is over. Any further call only waits.
    /// </remarks>
    public async ValueTask DisposeAsync()
    {
        _readers?.End();
        await _parts.Runtime.DisposeAsync().ConfigureAwait(false);
        if (_readers is { } readers && !_parts.RuntimeParts.Gate.IsInside)
            await readers.WaitAsync(_parts.RuntimeParts.ShutdownTimeout).ConfigureAwait(false);
        _metering?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the state can be saved: keys of this type have a codec.</summary>
    internal bool CanSaveState => _parts.Ledger.HasCodecs;

    /// <summary>Writes the state as of now: all that was published before, and nothing after it.</summary>
    /// <param name="state">Where it goes; written on a thread of the engine, which holds still meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>
    /// What has fired is delivered before, so a delivery gate that holds results back holds the save as well: what is
    /// held is in no state. Equal histories give equal bytes where no publisher runs beside it.
    /// </remarks>
    internal Task SaveStateAsync(Stream state, CancellationToken cancellationToken = default) =>
        _parts.Runtime.SaveAsync(state, cancellationToken);

    /// <summary>Has it read sources by itself, once it is started.</summary>
    private protected void Read<TEvent>(
        IReadOnlyList<SourceRegistration<TEvent>> sources, Func<string, EventPublisher<TEvent>> newPublisher)
    {
        if (sources.Count == 0)
            return;
        var feed = new SourceFeed
        {
            Processor = Name,
            Logger = _parts.RuntimeParts.Logger,
            Ring = _parts.RuntimeParts.Ring,
            Registry = _parts.Ledger.Sources,
            WhenDurable = Durability is { } durability ? () => durability.WhenDurableAsync() : null,
        };
        _readers = SourceReaders.Of(sources, newPublisher, feed);
        _metering?.Add(_readers);
        _ = EndReadersAsync(_readers);
    }

    /// <summary>However it ends, nothing is read any more.</summary>
    private async Task EndReadersAsync(SourceReaders readers)
    {
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        readers.End();
    }

    /// <summary>A stop that was taken ends the readers too, and closes what they read.</summary>
    private Task WithReaders(StopMode mode, Task stop)
    {
        if (_readers is not { } readers || !_parts.RuntimeParts.Ring.IsClosed)
            return stop;
        readers.End();
        return mode == StopMode.Abort ? stop : StopWithReadersAsync(readers, stop);
    }

    private async Task StopWithReadersAsync(SourceReaders readers, Task stop)
    {
        try
        {
            await stop.ConfigureAwait(false);
        }
        finally
        {
            await readers.WaitAsync(_parts.RuntimeParts.ShutdownTimeout).ConfigureAwait(false);
        }
    }

    /// <summary>The clock comes before the first source.</summary>
    private protected void BeginSources() => _parts.RuntimeParts.Ticker.Begin();
}
