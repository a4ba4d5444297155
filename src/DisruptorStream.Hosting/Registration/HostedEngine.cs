using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Hosting.Durable;
using DisruptorStream.Hosting.Results;
using DisruptorStream.Reporting.Answers;

namespace DisruptorStream.Hosting.Registration;

/// <summary>A processor or a stream, with those who read its results for the host.</summary>
internal sealed class HostedEngine : HostedProcessor, IDisposable
{
    private readonly Func<BuiltProcessor> _build;
    private readonly Lazy<BuiltProcessor> _built;
    private readonly RecoveryWatch _recovery;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _readerTimeout = new();
    private Task _reading = Task.CompletedTask;
    private volatile bool _isRecovering;

    /// <param name="name">Its name among the host's processors.</param>
    /// <param name="build">Builds it, on the thread that is the first to need it.</param>
    /// <param name="recovery">Knows how far its recovery has come.</param>
    public HostedEngine(string name, Func<BuiltProcessor> build, RecoveryWatch recovery)
        : base(name)
    {
        _build = build;
        _built = new Lazy<BuiltProcessor>(BuildOnce);
        _recovery = recovery;
        Completion = CompleteAsync();
    }

    public override Task Started => _started.Task;

    public override Task Completion { get; }

    // The task of its own completes a moment after the processor's.
    internal override Exception? Failure =>
        Completion.Exception?.InnerException
        ?? (_started.Task.IsCompletedSuccessfully ? Processor.Completion.Exception?.InnerException : null);

    internal override Task ReaderCompletion => _reading;

    internal override bool IsRecovering => _isRecovering;

    internal override RecoveryProgress? Recovery => _recovery.Progress;

    internal override bool IsDurable => Processor.IsDurable;

    private EventProcessor Processor => _built.Value.Processor;

    private IReadOnlyList<HostedResults> Results => _built.Value.Results;

    public override ProcessorStats GetStats() => Processor.GetStats();

    public override NoResultAnswer WhyNoResult() => Processor.WhyNoResult();

    public void Dispose()
    {
        // Where the host was never stopped, nobody waits any more.
        _recovery.Stop();
        _readerTimeout.Dispose();
    }

    internal override void Build() => _ = _built.Value;

    internal override void GiveUpRecovery() => _recovery.Stop();

    internal override void Start(Action<string> tellUnread)
    {
        foreach (var results in Results)
            results.Expect(tellUnread);
        Processor.Start();
        foreach (var results in Results)
            results.Begin(_readerTimeout.Token);
        _reading = ReadAllAsync();
        _started.SetResult();
    }

    internal override async Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        try
        {
            await DrainAsync(mode, cancellationToken).ConfigureAwait(false);
            await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            foreach (var results in Results)
                results.ThrowUnlessRead();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What the reader has registered with its token may throw: that is no reason to stop otherwise.
            await _readerTimeout.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    internal override Task AbortAsync() => Processor.StopAsync(StopMode.Abort, CancellationToken.None);

    private BuiltProcessor BuildOnce()
    {
        _isRecovering = true;
        try
        {
            var built = _build();
            _isRecovering = false;
            return built;
        }
        catch (Exception exception)
        {
            _started.TrySetException(exception);

            // Whom it concerns is told: nobody has to look at the task.
            _ = _started.Task.Exception;
            throw;
        }
    }

    private async Task CompleteAsync()
    {
        await _started.Task.ConfigureAwait(false);
        await Processor.Completion.ConfigureAwait(false);
    }

    private bool IsAnyReading
    {
        get
        {
            foreach (var results in Results)
            {
                if (!results.Reading.IsCompleted)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Fails with the first reader that fails, whatever the others do.</summary>
    private async Task ReadAllAsync()
    {
        var left = new List<Task>();
        foreach (var results in Results)
            left.Add(results.Reading);
        while (left.Count > 0)
        {
            var ended = await Task.WhenAny(left).ConfigureAwait(false);
            left.Remove(ended);
            await ended.ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The limit of the drain is the host's time-out: what holds the engine for longer than the engine itself would
    /// wait, such as one long call of a sink, may still come to an end within that.
    /// </summary>
    private async Task DrainAsync(StopMode mode, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // What has ended by itself has nothing that a token could end.
                await (Processor.Completion.IsCompleted
                    ? Processor.Completion
                    : Processor.ShutDownAsync(mode, cancellationToken)).ConfigureAwait(false);
                return;
            }
            catch (Exception held) when (held is EngineHeldException
                || (held is ResultBufferFullException && IsAnyReading))
            {
                // A stop may be made again, and goes on with the one before.
            }
        }
    }
}
