using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Pipeline.Lifecycle;

namespace DisruptorStream.Sources.Reading;

/// <summary>Reads a source for as long as the processor runs, whatever the source does.</summary>
/// <remarks>One task of its own. What the source throws is told, and it is opened again, later and later.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The end of its task ends it.")]
internal abstract class SourcePump
{
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private int _hasBegun;
    private int _failures;
    private long _restarts;
    private string? _lastFailure;

    /// <param name="name">The name of the source.</param>
    /// <param name="feed">The processor.</param>
    /// <param name="options">How it is read.</param>
    protected SourcePump(string name, SourceFeed feed, SourceOptions options)
    {
        Name = name;
        Feed = feed;
        Options = options;
    }

    public string Name { get; }

    /// <summary>Completes when the source is not read any more; never faults.</summary>
    public Task Completion => _completion.Task;

    /// <summary>How it is now. Any thread.</summary>
    public SourceReaderStats Stats => AddTo(new SourceReaderStats
    {
        Name = Name,
        State = State,
        Position = null,
        Lag = null,
        EventsPublished = 0,
        EventsAcknowledged = 0,
        RecordsRejected = 0,
        Restarts = Interlocked.Read(ref _restarts),
        ConsecutiveFailures = Volatile.Read(ref _failures),
        LastFailure = Volatile.Read(ref _lastFailure),
    });

    protected SourceFeed Feed { get; }

    protected SourceOptions Options { get; }

    private SourceReaderState State
    {
        // Pairs with itself: any thread asks.
        get => (SourceReaderState)Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, (int)value);
    }

    /// <summary>Begins, on a thread of the pool. Once.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) == 0)
            _ = Task.Run(RunAsync);
    }

    /// <summary>Ends it soon: what is being read is given up. Never throws, never waits.</summary>
    public void End()
    {
        // What the source hangs on the token is its own; it is not run on the caller's thread.
        _ = _end.CancelAsync();
        if (Interlocked.Exchange(ref _hasBegun, 1) == 0)
            Finish(SourceReaderState.Stopped);
    }

    /// <summary>Reads once, and publishes what was read. False where the source has ended.</summary>
    public abstract ValueTask<bool> StepAsync(CancellationToken cancellationToken);

    /// <summary>Closes what is open. Never throws.</summary>
    public abstract ValueTask CloseAsync();

    /// <summary>The source has no more to give.</summary>
    protected abstract void OnCompleted();

    protected abstract SourceReaderStats AddTo(SourceReaderStats stats);

    /// <summary>Notes a failure, tells it, and waits as long as it is due.</summary>
    protected async ValueTask WaitAfterAsync(Exception failure, CancellationToken cancellationToken)
    {
        State = SourceReaderState.Failing;
        var failures = Interlocked.Increment(ref _failures);
        var delay = Options.DelayAfter(failures);
        Volatile.Write(ref _lastFailure, $"{failure.GetType().Name}: {failure.Message}");
        RuntimeLog.SourceFailed(
            Feed.Logger, Feed.Processor, Name, $"{failure.Message.TrimEnd('.')}.", delay, failure);
        await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Something went well.</summary>
    protected void NoteSuccess()
    {
        State = SourceReaderState.Reading;
        var failures = Interlocked.Exchange(ref _failures, 0);
        if (failures > 0)
            RuntimeLog.SourceReadAgain(Feed.Logger, Feed.Processor, Name, failures);
    }

    protected void NoteOpening() => State = SourceReaderState.Opening;

    /// <summary>Whether the processor takes no more.</summary>
    protected bool IsEnd(Exception exception, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested || Feed.Ring.IsClosed
        || exception is ProcessorStoppedException or PipelineException;

    /// <summary>Closes something of the source's, whatever it throws.</summary>
    protected static async ValueTask CloseAsync(IAsyncDisposable? reader)
    {
        if (reader is null)
            return;
        try
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is given up; what matters was told before.
        }
    }

    /// <summary>What to say where a source was opened and there is no reader.</summary>
    protected InvalidOperationException OpenedWithNull() =>
        new($"The source '{Name}' was opened and gave null; return a reader from OpenAsync.");

    private async Task RunAsync()
    {
        var state = SourceReaderState.Stopped;
        try
        {
            if (await ReadToEndAsync(_end.Token).ConfigureAwait(false))
            {
                OnCompleted();
                state = SourceReaderState.Completed;
            }
        }
        catch (Exception)
        {
            // The processor has ended: it says why itself.
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
            Finish(state);
        }
    }

    /// <summary>Reads until the source ends (true) or the processor does (false).</summary>
    private async ValueTask<bool> ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!await StepAsync(cancellationToken).ConfigureAwait(false))
                    return true;
                NoteSuccess();
            }
            catch (Exception failure)
            {
                if (IsEnd(failure, cancellationToken))
                    return false;
                await CloseAsync().ConfigureAwait(false);
                await WaitAfterAsync(failure, cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref _restarts);
            }
        }

        return false;
    }

    private void Finish(SourceReaderState state)
    {
        State = state;
        _completion.TrySetResult();
    }
}
