using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Emission.Calls;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Messages;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Emission.Delivery;

/// <summary>The sinks of a processor, for its life cycle and its figures.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Sinks may hold the token for as long as they like.")]
internal sealed class ProcessorOutputs<TKey> : IOutputs, ISinkFailureSource
    where TKey : notnull
{
    private readonly ResultDispatcher<TKey> _dispatcher;
    private readonly AsyncSinkPump<TKey>[] _pumps;
    private readonly CancellationTokenSource _aborted;
    private readonly HostFailures _failures;

    /// <param name="dispatcher">Calls the sinks.</param>
    /// <param name="pumps">Call the asynchronous sinks.</param>
    /// <param name="aborted">Cancelled for the sinks at an abort.</param>
    /// <param name="failures">Counts what sinks throw when they are told of it.</param>
    public ProcessorOutputs(
        ResultDispatcher<TKey> dispatcher,
        IReadOnlyList<AsyncSinkPump<TKey>> pumps,
        CancellationTokenSource aborted,
        HostFailures failures)
    {
        _dispatcher = dispatcher;
        _pumps = [.. pumps];
        _aborted = aborted;
        _failures = failures;
    }

    public string? Holder
    {
        get
        {
            if (_dispatcher.Calls.Current is { } sink)
            {
                return $"the sink '{TypeText.Of(sink.GetType())}' is in the middle of a call and holds the engine's "
                    + "thread";
            }

            var busy = Array.Find(_pumps, pump => pump.Calls.Current is not null);
            return busy is null ? null : $"a call of the asynchronous sink '{busy.Name}' has not completed";
        }
    }

    public long Steps
    {
        get
        {
            var steps = _dispatcher.Calls.Steps;
            foreach (var pump in _pumps)
                steps += pump.Calls.Steps;
            return steps;
        }
    }

    public bool IsPausing => _dispatcher.Calls.IsPausing || Array.Exists(_pumps, pump => pump.Calls.IsPausing);

    public long SinkFailures => SinkFigures.Failed;

    public Exception? LastSinkException
    {
        get
        {
            var (last, ticks) = (_dispatcher.LastSinkException, _dispatcher.SinkFigures.LastFailureTicks);
            foreach (var pump in _pumps)
            {
                if (pump.Failures.Last is { } other && pump.Failures.Figures.LastFailureTicks >= ticks)
                    (last, ticks) = (other, pump.Failures.Figures.LastFailureTicks);
            }

            return last;
        }
    }

    /// <summary>What the calls of all sinks came to.</summary>
    public SinkFigures SinkFigures
    {
        get
        {
            var sum = _dispatcher.SinkFigures;
            foreach (var pump in _pumps)
            {
                var figures = pump.Failures.Figures;
                sum.Failed += figures.Failed;
                sum.Retried += figures.Retried;
                sum.Skipped += figures.Skipped;
                sum.Consecutive = Math.Max(sum.Consecutive, figures.Consecutive);
                sum.LastFailureTicks = Math.Max(sum.LastFailureTicks, figures.LastFailureTicks);
            }

            return sum;
        }
    }

    /// <summary>What each asynchronous sink has done so far.</summary>
    public IReadOnlyList<AsyncSinkStats> AsyncSinks => Array.ConvertAll(_pumps, pump => pump.Stats);

    /// <summary>Whether an asynchronous sink has as many results waiting as it may.</summary>
    public bool IsFull
    {
        get
        {
            foreach (var pump in _pumps)
            {
                if (pump.IsFull)
                    return true;
            }

            return false;
        }
    }

    public void EndAt(long shutdownSequence) => _dispatcher.EndAt(shutdownSequence);

    public void Close()
    {
        _dispatcher.Calls.Close();
        foreach (var pump in _pumps)
            pump.Calls.Close();
        _ = CancelAsync();
    }

    public void CloseForGood()
    {
        _dispatcher.Calls.CloseForGood();
        foreach (var pump in _pumps)
            pump.Calls.CloseForGood();
    }

    /// <summary>A publisher finds a queue full.</summary>
    public void NoteRefusal()
    {
        foreach (var pump in _pumps)
            pump.NoteRefusal();
    }

    public Task FlushAsync() =>
        _pumps.Length == 0 ? Task.CompletedTask : Task.WhenAll(Array.ConvertAll(_pumps, pump => pump.FlushAsync()));

    public Task DrainAsync(long sequence)
    {
        _dispatcher.FlushSinks(sequence);
        return FlushAsync();
    }

    public async Task CompleteAsync(Exception? failure, long sequence)
    {
        var thrown = _dispatcher.Complete(failure, sequence);
        try
        {
            await Task.WhenAll(Array.ConvertAll(_pumps, pump => pump.CompleteAsync(failure))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Aborted, and disposed meanwhile: not every sink gets its last call.
        }

        if (thrown is not null)
            throw thrown;
    }

    /// <summary>On another thread: what sinks do when they are told must not hold who aborts.</summary>
    private async Task CancelAsync()
    {
        try
        {
            await _aborted.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            _failures.Note();
        }
    }
}
