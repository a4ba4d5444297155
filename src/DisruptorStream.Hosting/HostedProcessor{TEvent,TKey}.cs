using DisruptorStream.Emission;
using DisruptorStream.Hosting.Registration;
using DisruptorStream.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace DisruptorStream.Hosting;

/// <inheritdoc/>
internal sealed class HostedProcessor<TEvent, TKey> : HostedProcessor, IDisposable
    where TKey : notnull
{
    private readonly StreamProcessor<TEvent, TKey> _processor;
    private readonly IResultReader<TKey>? _reader;
    private readonly CancellationTokenSource _readerTimeout = new();
    private Task _reading = Task.CompletedTask;

    public HostedProcessor(HostedDefinition<TEvent, TKey> definition, IServiceProvider services)
        : base(definition.Name)
    {
        _processor = services.GetRequiredKeyedService<StreamProcessor<TEvent, TKey>>(definition.Name);
        _reader = definition.Reader?.Invoke(services);
    }

    public override Task Completion => _processor.Completion;

    internal override Task ReaderCompletion => _reading;

    public override ProcessorStats GetStats() => _processor.GetStats();

    public void Dispose() => _readerTimeout.Dispose();

    internal override void Start(Action tellUnread)
    {
        // Before the start: with sinks too, the stream is fed only once somebody reads it.
        if (_reader is not null)
            _processor.ExpectReader();
        else
            _processor.TellIfUnread(tellUnread);
        _processor.Start();

        // On a thread of its own, as it may hold it for as long as there are results.
        if (_reader is { } reader)
        {
            _reading = Task.Factory.StartNew(
                () => ReadAsync(reader),
                CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default).Unwrap();
        }
    }

    internal override async Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        try
        {
            await DrainAsync(mode, cancellationToken).ConfigureAwait(false);
            await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_reader is not null)
                ThrowUnlessRead(_processor.GetStats().BufferedResults);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What the reader has registered with its token may throw: that is no reason to stop otherwise.
            await _readerTimeout.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    internal override Task AbortAsync() => _processor.StopAsync(StopMode.Abort, CancellationToken.None);

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
                await (_processor.Completion.IsCompleted
                    ? _processor.Completion
                    : _processor.StopAsync(mode, cancellationToken)).ConfigureAwait(false);
                return;
            }
            catch (Exception held) when (held is EngineHeldException
                || (held is ResultBufferFullException && !_reading.IsCompleted))
            {
                // A stop may be made again, and goes on with the one before.
            }
        }
    }

    private void ThrowUnlessRead(int left)
    {
        if (left > 0)
        {
            throw new InvalidOperationException(
                $"The reader of the results of processor '{Name}' returned while the host stopped and left {left} of "
                + "them; it must enumerate them to the end.");
        }
    }

    private async Task ReadAsync(IResultReader<TKey> reader)
    {
        try
        {
            var reading = reader.ReadAsync(_processor.ReadResultsAsync(CancellationToken.None), _readerTimeout.Token)
                ?? throw new InvalidOperationException(
                    $"The reader {TypeText.Of(reader.GetType())} of the results of processor '{Name}' returned null "
                    + "from ReadAsync; return a task that completes when the results have ended.");
            await reading.ConfigureAwait(false);
        }
        finally
        {
            _processor.ForgetReader();
        }

        // The ring is closed before the results end: while it is open, there are more to come.
        if (_processor.GetStats().State is ProcessorState.Created or ProcessorState.Running)
        {
            throw new InvalidOperationException(
                $"The reader of the results of processor '{Name}' returned before their end, so nobody reads what is "
                + "still to come; it must enumerate them to the end.");
        }
    }
}
