using LlmGateway.Calls;

namespace LlmGateway.Demo;

/// <summary>Calls the gateway a number of times a second, with an incident of one model now and then.</summary>
internal sealed class Traffic : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Incident = TimeSpan.FromSeconds(8);

    private readonly Gateway _gateway;
    private readonly ModelBackend _backend;
    private readonly TimeProvider _clock;
    private readonly ILogger<Traffic> _logger;
    private readonly double _callsPerSecond;

    public Traffic(
        Gateway gateway,
        ModelBackend backend,
        TimeProvider clock,
        ILogger<Traffic> logger,
        IConfiguration configuration)
    {
        _gateway = gateway;
        _backend = backend;
        _clock = clock;
        _logger = logger;
        _callsPerSecond = configuration.GetValue("Traffic", 0.0);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_callsPerSecond <= 0)
            return;
        var models = ModelBackend.Names.ToArray();
        var users = new Users();
        var under = new List<Task>();
        var begin = _clock.GetTimestamp();
        var sent = 0L;
        using var timer = new PeriodicTimer(Beat, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var elapsed = _clock.GetElapsedTime(begin);
                _backend.SlowModel = SlowModelAt(elapsed, models);
                for (; sent < elapsed.TotalSeconds * _callsPerSecond; sent++)
                {
                    var (tenant, user) = users.Next(elapsed);
                    under.Add(CallAsync(models[Random.Shared.Next(models.Length)], tenant, user, stoppingToken));
                }

                under.RemoveAll(call => call.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops: what is under way is cancelled too.
        }

        await Task.WhenAll(under);
    }

    private static string? SlowModelAt(TimeSpan elapsed, string[] models)
    {
        var cycle = Quiet + Incident;
        var round = (int)(elapsed / cycle);
        return elapsed - round * cycle > Quiet ? models[round % models.Length] : null;
    }

    private async Task CallAsync(string model, string tenant, string user, CancellationToken cancellationToken)
    {
        try
        {
            await _gateway.CompleteAsync(model, "the meaning of it all", tenant, user, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // As a client that goes away.
        }
        catch (Exception exception)
        {
            // One call that fails is no end of the traffic, but nobody else waits for this one.
            GatewayLog.CallFailed(_logger, model, exception);
        }
    }
}
