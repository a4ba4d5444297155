using DisruptorStream.Emission.Calls;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Emission.Views;
using DisruptorStream.Saving;
using DisruptorStream.State.Panes;
using DisruptorStream.Telemetry;
using DisruptorStream.Windows;
using Microsoft.Extensions.ObjectPool;

namespace DisruptorStream.Emission.Delivery;

/// <summary>Hands results and dropped events to the sinks, in their order, and then to those who read.</summary>
/// <remarks>
/// The emitting thread owns it; the counts can be read from any thread. Nothing is allocated for the sinks in the
/// steady state; the readers' copies are allocated batch by batch, and only where there are readers, or where the
/// processor's own stream is fed: when nobody else is, when somebody has read from it, or when the plan says so.
/// </remarks>
internal sealed class ResultDispatcher<TKey> : ResultOutput, ISinkFailureSource
    where TKey : notnull
{
    /// <summary>Of what <see cref="Save"/> writes. 2: the number of the last result. 3: of dropped events.</summary>
    private const int Version = 3;

    private readonly ObjectPool<ResultBatch<TKey>> _pool;
    private readonly EmittedKeys<TKey> _keys;
    private readonly IFailureSource _failures;
    private readonly ResultSchema _measures;
    private readonly SinkRegistration<IResultSink<TKey>>[] _sinks;
    private readonly SinkRegistration<IDroppedEventSink<TKey>>[] _droppedEventSinks;
    private readonly SinkRegistration<IRetiredKeySink<TKey>>[] _retiredKeySinks;
    private readonly AsyncSinkPump<TKey>[] _pumps;
    private readonly ResultReaders<TKey>? _readers;
    private readonly bool _hasSinks;
    private readonly bool _alwaysFeedsStream;
    private readonly Action<int>? _onKeyReleased;
    private readonly CancellationToken _abort;
    private readonly SinkCaller _caller;
    private readonly SinkSet _all;
    private readonly SinkContext _context;
    private readonly PublishedCopy<DeliveryFigures> _figures = new();
    private readonly PaneTally? _tally;
    private readonly LatencyMeter? _latency;
    private readonly BatchTracer? _tracer;
    private ProgressMark _progress;
    private bool _followsProgress;
    private bool _isStarted;
    private long _lastNumber;
    private long _shutdownSequence = ResultBatch<TKey>.NoShutdown;
    private ResultBatch<TKey> _pending;

    /// <param name="plan">Where the results go.</param>
    /// <param name="abort">
    /// Cancelled when the processor is aborted: waiting for a reader or for a retry then ends with an
    /// <see cref="OperationCanceledException"/>.
    /// </param>
    public ResultDispatcher(DeliveryPlan<TKey> plan, CancellationToken abort)
    {
        _pool = new DefaultObjectPool<ResultBatch<TKey>>(
            new ResultBatchPolicy<TKey>(plan.Schema, plan.BatchCapacity), maximumRetained: 4);
        _keys = new EmittedKeys<TKey>(plan.Keys);
        _failures = plan.Failures;
        _measures = plan.Measures;
        _sinks = plan.NewSinks();
        _droppedEventSinks = [.. plan.DroppedEventSinks];
        _retiredKeySinks = [.. RetiredKeySinks(_sinks)];
        _pumps = [.. plan.Pumps];
        _readers = plan.Readers;
        _hasSinks = plan.IsReadByQueries || _sinks.Length + _pumps.Length > 0;
        _alwaysFeedsStream = plan.AlwaysFeedsStream;
        _onKeyReleased = plan.OnKeyReleased;
        _abort = abort;
        _caller = new SinkCaller(plan.TimeProvider, abort);
        _all = plan.NewSinkSet(_caller);
        foreach (var (sink, policy) in _sinks)
            _all.Add(sink, policy);

        foreach (var (sink, policy) in _droppedEventSinks)
            _all.Add(sink, policy);
        _progress = new ProgressMark(plan.Watermarks, plan.FirstSequence - 1);
        _context = new SinkContext
        {
            ProcessorName = plan.ProcessorName,
            Schema = plan.Schema,
            FirstSequence = plan.FirstSequence,
            Aborted = plan.Aborted,
            Groups = plan.Groups,
        };
        _followsProgress = FollowsProgress();
        _tally = plan.Tally;
        _latency = plan.Latency;
        _tracer = plan.Tracer;
        _pending = _pool.Get();
    }

    /// <summary>The calls of the sinks: which one is under way, and whether there may be more.</summary>
    public SinkCalls Calls => _caller.Calls;

    /// <summary>What was delivered, as of one instant.</summary>
    public DeliveryFigures Figures => _figures.Read();

    /// <summary>What the calls of the sinks came to, as of one instant.</summary>
    public SinkFigures SinkFigures => _caller.Failures.Figures;

    /// <summary>Calls of sinks that threw, retries included.</summary>
    public long SinkFailures => _caller.Failures.Figures.Failed;

    public Exception? LastSinkException => _caller.Failures.Last;

    /// <summary>The columns of the results.</summary>
    public ResultSchema Schema => _context.Schema;

    /// <summary>The slot will end the input because the host shuts down. Any thread, before the slot.</summary>
    public void EndAt(long shutdownSequence) => Volatile.Write(ref _shutdownSequence, shutdownSequence);

    /// <summary>Writes what was delivered so far. On the emitting thread, or while it waits.</summary>
    public void Save(StateWriter writer)
    {
        ref var live = ref _figures.Live;
        writer.Begin(SectionTag.Delivery, Version);
        writer.WriteCount(live.ResultsEmitted);
        writer.WriteCount(live.Retractions);
        writer.WriteCount(live.DroppedRouted);
        writer.WriteCount(_lastNumber);
        writer.WriteCount(live.DroppedNumber);
        writer.End();
    }

    /// <summary>The number of the last result, as it is saved.</summary>
    public long SavedNumber => _lastNumber;

    /// <summary>The number of the last dropped event, as it is saved.</summary>
    public long SavedDroppedNumber => _figures.Live.DroppedNumber;

    /// <summary>Goes on counting where another stopped. Before the first row.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        ref var live = ref _figures.Live;
        var version = reader.Begin(SectionTag.Delivery, Version);
        live.ResultsEmitted = reader.ReadNumber(long.MaxValue, "the number of results");
        live.Retractions = reader.ReadNumber(long.MaxValue, "the number of retractions");
        live.DroppedRouted = reader.ReadNumber(long.MaxValue, "the number of dropped events");

        // Before there were numbers, all results that were delivered were counted.
        _lastNumber = version > 1
            ? reader.ReadNumber(long.MaxValue, "the number of the last result")
            : live.ResultsEmitted + live.Retractions;
        live.LastNumber = _lastNumber;
        live.DroppedNumber = version > 2
            ? reader.ReadNumber(long.MaxValue, "the number of the last dropped event")
            : live.DroppedRouted;
        reader.End();
        _figures.Publish();
    }

    /// <exception cref="SinkException">A sink threw, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted while this waited.</exception>
    public override void Add(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if ((header.Flags & ResultFlags.Dropped) != ResultFlags.None)
        {
            RouteDropped(in header, values);
            return;
        }

        if ((header.Flags & ResultFlags.KeyReleased) != ResultFlags.None)
        {
            ReleaseKey(in header);
            return;
        }

        var failure = header.FailureIndex < 0 ? null : _failures.FailureOf(header.KeyId, header.FailureIndex);
        _pending.Add(in header, _keys.KeyOf(header.KeyId), values, failure);
        if (_tally is not null && header.Timing != PaneTiming.Retract)
            _tally.Add(header.StartTicks, header.EndTicks, 1);
        if (_pending.IsFull)
            Flush();
    }

    /// <exception cref="SinkException">A sink threw, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted while this waited.</exception>
    public override void Add(PaneGroup panes)
    {
        _tally?.Add(panes);
        for (var next = 0; next < panes.Count;)
        {
            next += _pending.Add(panes, next, _keys, _failures);
            if (_pending.IsFull)
                Flush();
        }
    }

    /// <exception cref="SinkException">A sink threw, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted while this waited.</exception>
    public override void Flush()
    {
        if (!_isStarted)
            Start();
        var batch = _pending;
        if (batch.Count == 0)
            return;

        // Taken before the sinks run: what a sink itself causes must not land in the batch that it is reading.
        _pending = _pool.Get();
        batch.NumberFrom(_lastNumber + 1);

        // Pairs with the write in EndAt, which comes before the slot.
        batch.EndAt(Volatile.Read(ref _shutdownSequence));
        _lastNumber += batch.Count;
        _latency?.OnResults(batch.FirstSequence, batch.LastSequence, batch.Count);
        using var traced = _tracer?.Start(batch.FirstSequence, batch.LastSequence, batch.Count) ?? default;
        try
        {
            foreach (var sink in _sinks)
            {
                if (NotHeld(batch, sink.HeldThrough) is { } rows)
                    _caller.Call(new ResultsCall<TKey>(sink.Sink, rows), sink.Policy, traced);
            }

            var hasReaders = _readers is { HasReaders: true };
            var feedsStream = _readers is not null
                && (_alwaysFeedsStream || _readers.Own.HasReader || !(_hasSinks || hasReaders));
            var owned = _pumps.Length > 0 || feedsStream || hasReaders ? batch.ToOwned(0, batch.Count) : batch;
            foreach (var pump in _pumps)
                pump.Add(owned);
            if (feedsStream || hasReaders)
                Feed(owned, feedsStream);
            else
                Count(batch, 0, batch.Count);
        }
        catch (Exception failure) when (!_caller.IsAbort(failure))
        {
            traced.Fail(failure);
            throw;
        }
        finally
        {
            _pool.Return(batch);
        }
    }

    /// <exception cref="SinkException">A sink threw, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    public override void Advance(long sequence)
    {
        if (!_followsProgress)
            return;
        var hasMoved = false;
        while (_progress.MoveTo(sequence))
            hasMoved = true;
        if (!hasMoved)
            return;
        var progress = _progress.Shown;
        _all.Report(progress);
        foreach (var pump in _pumps)
        {
            if (pump.FollowsProgress)
                pump.Advance(progress);
        }

        _followsProgress = FollowsProgress();
    }

    /// <exception cref="SinkException">A sink threw, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    public override void FlushSinks(long sequence) => _all.Flush(sequence);

    /// <summary>Nothing more is delivered: the last call of each sink.</summary>
    /// <param name="failure">Why not all was delivered; null where it was.</param>
    /// <param name="sequence">How far delivery came.</param>
    /// <returns>What the first of those threw whose policy says stop; null for none.</returns>
    public SinkException? Complete(Exception? failure, long sequence)
    {
        // A recovery may have told them that they begin, and nothing has come since.
        if (!_isStarted && _all.HasBegun)
            Start();
        return _all.Complete(failure, sequence);
    }

    private void Start()
    {
        _isStarted = true;
        var isFirst = _all.Start(_context);
        foreach (var pump in _pumps)
            pump.Start(_context, isFirst);
    }

    private bool FollowsProgress()
    {
        var follows = _all.FollowsProgress;
        foreach (var pump in _pumps)
            follows |= pump.FollowsProgress;
        return follows;
    }

    /// <summary>Counts rows that have reached all whom they are for.</summary>
    private void Count(ResultBatch<TKey> batch, int first, int count)
    {
        var retractions = 0;
        for (var row = first; row < first + count && batch.RetractionCount > 0; row++)
            retractions += batch[row].Timing == PaneTiming.Retract ? 1 : 0;
        ref var live = ref _figures.Live;
        live.Retractions += retractions;
        live.ResultsEmitted += count - retractions;
        live.LastNumber = batch.FirstNumber + first + count - 1;
        _figures.Publish();
    }

    private void RouteDropped(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (_droppedEventSinks.Length > 0)
            TellDropped(in header, values);

        // Also where nobody is told here: who goes on from this state counts on.
        _figures.Live.DroppedNumber++;
        _figures.Publish();
    }

    private void TellDropped(in ResultHeader header, ReadOnlySpan<long> values)
    {
        Flush();
        var hasKey = header.KeyId >= 0;
        var dropped = new DroppedEvent<TKey>(
            hasKey ? _keys.KeyOf(header.KeyId) : default, hasKey, in header, _measures, values[.._measures.Count]);
        foreach (var sink in _droppedEventSinks)
        {
            if (_figures.Live.DroppedNumber >= sink.HeldThrough)
                _caller.Call(new DroppedCall<TKey>(sink.Sink, in dropped), sink.Policy);
        }

        _figures.Live.DroppedRouted++;
    }

    private void ReleaseKey(in ResultHeader header)
    {
        if (_retiredKeySinks.Length > 0)
        {
            Flush();
            var call = new RetiredCall<TKey>(_retiredKeySinks[0].Sink, _keys.KeyOf(header.KeyId), header.Sequence);
            foreach (var sink in _retiredKeySinks)
            {
                // Of those behind its last result nobody knows whether it was told.
                if (_lastNumber >= sink.HeldThrough)
                    _caller.Call(call with { Target = sink.Sink }, sink.Policy);
            }
        }

        _keys.Forget(header.KeyId);
        _onKeyReleased?.Invoke(header.KeyId);
    }

    private static IEnumerable<SinkRegistration<IRetiredKeySink<TKey>>> RetiredKeySinks(
        SinkRegistration<IResultSink<TKey>>[] sinks)
    {
        foreach (var sink in sinks)
        {
            if (sink.Sink is IRetiredKeySink<TKey> told)
            {
                yield return new SinkRegistration<IRetiredKeySink<TKey>>(told, sink.Policy)
                {
                    HeldThrough = sink.HeldThrough,
                };
            }
        }
    }

    /// <summary>The rows behind a number; null for none. Copied only where it lies in between.</summary>
    private static ResultBatch<TKey>? NotHeld(ResultBatch<TKey> batch, long heldThrough)
    {
        var held = heldThrough - batch.FirstNumber + 1;
        return held <= 0 ? batch
            : held >= batch.Count ? null
            : batch.ToOwned((int)held, batch.Count - (int)held);
    }

    private void Feed(ResultBatch<TKey> owned, bool feedsStream)
    {
        var feeding = _readers!.Feed(owned, feedsStream);
        for (var done = 0; ;)
        {
            var written = feeding.Write(out var hasEnded);
            Count(owned, done, written - done);
            done = written;
            if (done == owned.Count || hasEnded)
                return;
            _abort.ThrowIfCancellationRequested();
            feeding.Wait(_abort);
        }
    }
}
