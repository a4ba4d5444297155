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

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Not in the constructor: by now the options have been validated.
        var processor = _services.GetRequiredKeyedService<HostedProcessor>(_name);
        processor.Start(name => HostingLog.Unread(_logger, name, Options.ResultBufferSize));
        _processor = processor;
        _ = WatchPipelineAsync(processor);
        _ = WatchReaderAsync(processor);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="PipelineException">A stage had failed, and the host was stopped for it.</exception>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_processor is not { } processor)
            return;
        Volatile.Write(ref _isStopping, true);
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
            if (Volatile.Read(ref _stoppedHost))
                throw;
        }
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
