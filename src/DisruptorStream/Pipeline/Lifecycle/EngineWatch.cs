using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Slots;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>Sees whether the engine moves, and says what holds it when it does not.</summary>
/// <remarks>
/// A sink that waits for another thread, which waits for the engine, cannot be told from a slow one. So each wait for
/// the engine ends when nothing of what it is for has moved for the shutdown time-out. Slots behind that do not count:
/// in Staged the first threads go on with ticks, and with other publishers' events, while a sink holds the last one.
/// </remarks>
internal sealed class EngineWatch
{
    private static readonly TimeSpan LongestMoment = TimeSpan.FromSeconds(1);

    private readonly SlotBuffer _slots;
    private readonly SlotFigures _figures;
    private readonly Deliveries _deliveries;
    private readonly AggregationStage[] _shards;
    private readonly IOutputs _outputs;
    private readonly IResultBuffer _results;
    private readonly TimeSpan _timeout;

    /// <param name="slots">What is handled.</param>
    /// <param name="figures">Which claims are open.</param>
    /// <param name="deliveries">How far results have come.</param>
    /// <param name="shards">Handle.</param>
    /// <param name="outputs">The sinks.</param>
    /// <param name="results">The host's end of the results.</param>
    /// <param name="timeout">For how long nothing may move.</param>
    public EngineWatch(
        SlotBuffer slots,
        SlotFigures figures,
        Deliveries deliveries,
        AggregationStage[] shards,
        IOutputs outputs,
        IResultBuffer results,
        TimeSpan timeout)
    {
        _slots = slots;
        _figures = figures;
        _deliveries = deliveries;
        _shards = shards;
        _outputs = outputs;
        _results = results;
        _timeout = timeout;
    }

    /// <summary>What holds the engine, if it does not move.</summary>
    public string Holder
    {
        get
        {
            if (_outputs.Holder is { } sink)
                return sink;

            if (_deliveries.IsHeld)
                return $"results from sequence {_deliveries.CompletedThrough + 1} on are held back until they may go";
            if (_figures.FirstOpenClaim is { } sequence)
            {
                return $"a claim of events is open at sequence {sequence}, neither published nor disposed; where the "
                    + "host holds none, the hash code or the Equals of a key holds its publisher";
            }

            return "a stage is in the middle of a batch: an aggregate, a trigger, an assigner, a log provider or, "
                + "Inline, the hash code or the Equals of a key may be holding its thread";
        }
    }

    /// <summary>Begins a wait.</summary>
    /// <param name="awaited">
    /// The last sequence that is waited for; left out for room in a full ring, and for the end, after which no slot
    /// comes.
    /// </param>
    public StallTimer Start(long awaited = long.MaxValue) => StallTimer.Start(awaited, ProgressTo(awaited));

    /// <param name="timer">Of the wait.</param>
    /// <param name="isStop">Whether the wait is for the end.</param>
    /// <exception cref="EngineHeldException">Nothing has moved for the shutdown time-out.</exception>
    /// <exception cref="ResultBufferFullException">The same, as the reader of the results does not read.</exception>
    public void ThrowIfStalled(ref StallTimer timer, bool isStop = false)
    {
        // A policy's own delay has an end.
        if (_outputs.IsPausing)
            timer.Restart();
        if (timer.Look(ProgressTo(timer.Awaited)) < _timeout)
            return;
        if (_results.Blocked is { } full)
            throw ResultBufferFullException.OfReader(full, _timeout);
        throw new EngineHeldException(
            $"The processor has not moved for {_timeout} (ShutdownTimeout): {Holder}; if it waits for the processor, "
            + "let it hand its work to a queue and a thread of its own instead, and if it only is slow, raise "
            + $"ShutdownTimeout{(isStop ? "; the stop goes on, so call StopAsync again to wait for it" : "")}.");
    }

    /// <summary>How long a wait for user code goes on after an abort: at most for the shutdown time-out.</summary>
    /// <param name="abortedTimestamp">Of the first abort: a later caller does not wait as long again.</param>
    /// <remarks>
    /// It waits a moment in any case, as that user code may return just now: above all where it has awaited the abort,
    /// and is told at the end of the time-out.
    /// </remarks>
    public TimeSpan RestAfter(long abortedTimestamp)
    {
        var moment = _timeout < LongestMoment ? _timeout : LongestMoment;
        var rest = _timeout + moment - Stopwatch.GetElapsedTime(abortedTimestamp);
        return TimeSpan.FromTicks(Math.Clamp(rest.Ticks, moment.Ticks, _timeout.Ticks));
    }

    private EngineProgress ProgressTo(long awaited)
    {
        var handled = 0L;
        foreach (var shard in _shards)
            handled += Math.Min(shard.Processed, awaited);
        return new EngineProgress(
            Math.Min(_slots.Sequencer.Consumed, awaited),
            handled,
            Math.Min(_deliveries.CompletedThrough, awaited),
            _outputs.Steps,
            _results.Steps);
    }
}
