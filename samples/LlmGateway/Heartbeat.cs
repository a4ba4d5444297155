using DisruptorStream;
using DisruptorStream.Ingest;

namespace LlmGateway;

/// <summary>Says each second that time has passed, so that windows end without a further call too.</summary>
internal sealed class Heartbeat : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    // A call is published as soon as it is over; one that takes longer than this to get there may be late.
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1);

    private readonly EventPublisher<ModelCall> _calls;
    private readonly TimeProvider _clock;
    private readonly ILogger<Heartbeat> _logger;

    public Heartbeat(EventPublisher<ModelCall> calls, TimeProvider clock, ILogger<Heartbeat> logger)
    {
        _calls = calls;
        _clock = clock;
        _logger = logger;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                _calls.AdvanceWatermark(_clock.GetUtcNow() - Lag);
        }
        catch (OperationCanceledException)
        {
            // The host stops; the drain ends the windows.
        }
        catch (StreamProcessorException exception)
        {
            GatewayLog.HeartbeatEnded(_logger, exception);
        }
    }
}
