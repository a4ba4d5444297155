using System.Runtime.ExceptionServices;
using DisruptorStream.Telemetry.Guards;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting;

/// <summary>Starts a processor before the host's other services, and drains it after they have stopped.</summary>
/// <remarks>
/// Hence those who publish may do so from its own start to its own end, and nothing of it is lost.
/// </remarks>
internal sealed class HostedProcessorService : IHostedLifecycleService
{
    private readonly string _name;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private HostedProcessor? _processor;
    private Task<Exception?> _starting = Task.FromResult<Exception?>(null);
    private bool _isStopping;
    private bool _stoppedHost;

    public HostedProcessorService(string name, IServiceProvider services)
    {
        _name = name;
        _services = services;

        // A line that cannot be written must neither keep the host from starting nor the processor from draining.
        _logger = new GuardedLogger(
            services.GetRequiredService<ILoggerFactory>().CreateLogger($"DisruptorStream.{name}"), new HostFailures());
    }

    private HostedProcessorOptions Options =>
        _services.GetRequiredService<IOptionsMonitor<HostedProcessorOptions>>().Get(_name);

    /// <summary>Waits for a recovery for as long as the options say; then the host starts beside it.</summary>
    /// <exception cref="InvalidOperationException">It is to be suspended, and cannot be.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Not in the constructor: by now the options have been validated.
        var processor = _services.GetRequiredKeyedService<HostedProcessor>(_name);
        if (Options.Durability.Directory is null)
        {
            Start(processor);
            return;
        }

        var wait = Options.Durability.StartWait;
        var starting = Task.Factory.StartNew(
            () => Start(processor), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            var clock = _services.GetService<TimeProvider>() ?? TimeProvider.System;
            await starting.WaitAsync(wait, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!starting.IsCompleted)
        {
            HostingLog.StartsBeside(_logger, _name, wait);
            _processor = processor;
            _starting = WatchStartAsync(starting);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            processor.GiveUpRecovery();
            throw;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="PipelineException">A stage had failed, and the host is to stop for that.</exception>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_processor is not { } processor)
            return;
        Volatile.Write(ref _isStopping, true);
        if (!await HasStartedAsync(processor, cancellationToken).ConfigureAwait(false))
            return;

        // A service that publishes hears of a failure before this one does: its own failure then ends the host.
        var hadFailed = Options.StopHostOnFault && processor.GetStats().State == ProcessorState.Faulted;
        try
        {
            await processor.StopAsync(Options.StopMode, cancellationToken).ConfigureAwait(false);
            processor.End(DrainOutcome.Drained);
            HostingLog.Drained(_logger, _name, processor.GetStats().EventsProcessed);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var stats = processor.GetStats();
            processor.End(DrainOutcome.TimedOut, stats);
            HostingLog.DrainTimedOut(
                _logger,
                _name,
                stats.UnhandledSlots,
                stats.ActiveWindows,
                stats.ResultsUndelivered,
                stats.BufferedResults);
        }
        catch (Exception exception)
        {
            // Nothing moves any more, or nobody is there to take it: what is counted now is what is lost.
            await processor.AbortAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var stats = processor.GetStats();
            processor.End(DrainOutcome.Failed, stats);
            HostingLog.DrainFailed(
                _logger,
                _name,
                stats.UnhandledSlots,
                stats.ActiveWindows,
                stats.ResultsUndelivered,
                stats.BufferedResults,
                exception);

            // Where the failure ended the host, the host's run is to end with it too.
            if (hadFailed || Volatile.Read(ref _stoppedHost))
                throw;
        }
    }

    /// <summary>Builds it, which recovers it where it is durable, and lets it run.</summary>
    private void Start(HostedProcessor processor)
    {
        processor.Build();
        if (Options.StopMode == StopMode.Suspend && !processor.IsDurable)
        {
            throw new InvalidOperationException(
                $"The processor '{_name}' is to be suspended when its host stops (StopMode), but its state is not "
                + "durable; build it with DurableIn, or set Durability:Directory, or set StopMode to Complete or "
                + "Drain.");
        }

        processor.Start(name => HostingLog.Unread(_logger, name, Options.ResultBufferSize));
        _processor = processor;
        _ = WatchPipelineAsync(processor);
        _ = WatchReaderAsync(processor);
    }

    /// <summary>Follows a recovery that the host's start did not wait for.</summary>
    /// <returns>What ended it; null where the processor runs.</returns>
    private async Task<Exception?> WatchStartAsync(Task starting)
    {
        try
        {
            await starting.ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException given) when (Volatile.Read(ref _isStopping))
        {
            return given;
        }
        catch (Exception exception)
        {
            Fault("recovery", exception);
            return exception;
        }
    }

    /// <summary>Gives a recovery up that is still under way; false where the processor does not run.</summary>
    private async Task<bool> HasStartedAsync(HostedProcessor processor, CancellationToken cancellationToken)
    {
        processor.GiveUpRecovery();
        try
        {
            if (await _starting.WaitAsync(cancellationToken).ConfigureAwait(false) is not { } failure)
                return true;
            if (failure is OperationCanceledException)
                HostingLog.GaveUpRecovery(_logger, _name);
            processor.End(failure is OperationCanceledException ? DrainOutcome.Drained : DrainOutcome.Failed);

            // Where the failure ended the host, the host's run is to end with it too.
            if (Volatile.Read(ref _stoppedHost))
                ExceptionDispatchInfo.Throw(failure);
        }
        catch (OperationCanceledException) when (!_starting.IsCompleted)
        {
            processor.End(DrainOutcome.TimedOut);
            HostingLog.GaveUpRecovery(_logger, _name);
        }

        return false;
    }

    private async Task WatchPipelineAsync(HostedProcessor processor)
    {
        try
        {
            await processor.Completion.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fault("pipeline", exception);
        }
    }

    private async Task WatchReaderAsync(HostedProcessor processor)
    {
        try
        {
            await processor.ReaderCompletion.ConfigureAwait(false);
        }
        catch (PipelineException) when (processor.GetStats().State == ProcessorState.Faulted)
        {
            // What the processor's own failure does to its reader has been said already.
        }
        catch (OperationCanceledException) when (Volatile.Read(ref _isStopping))
        {
            // Either the host's time is over, or the drain fails with it: both say so. Before, it is what a call of
            // the reader's own came to, such as one that timed out.
        }
        catch (Exception exception)
        {
            Fault("reader of the results", exception);
        }
    }

    private void Fault(string part, Exception exception)
    {
        HostingLog.Faulted(_logger, _name, part, exception);
        if (!Options.StopHostOnFault || Volatile.Read(ref _isStopping))
            return;
        Volatile.Write(ref _stoppedHost, true);
        HostingLog.StopsHost(_logger, _name);
        _services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
    }
}
