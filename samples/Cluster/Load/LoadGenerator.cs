using DisruptorStream.Cluster;

namespace Cluster.Load;

/// <summary>Writes calls of tenants, so many a second.</summary>
internal sealed class LoadGenerator : BackgroundService
{
    private const int Steps = 50;
    private const int Tenants = 200;

    private readonly PartitionedQuery<Call, string> _query;
    private readonly TimeProvider _clock;
    private readonly int _callsPerSecond;
    private long _written;

    /// <param name="query">Says where each call goes.</param>
    /// <param name="clock">The time of the calls.</param>
    /// <param name="callsPerSecond">How many.</param>
    public LoadGenerator(PartitionedQuery<Call, string> query, TimeProvider clock, int callsPerSecond) =>
        (_query, _clock, _callsPerSecond) = (query, clock, callsPerSecond);

    /// <summary>How many were written.</summary>
    public long Written => Interlocked.Read(ref _written);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _query.CreateTopicsAsync(stoppingToken);
        await using var writer = _query.NewWriter();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / Steps), _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            for (var call = 0; call < _callsPerSecond / Steps; call++)
            {
                var tenant = $"tenant {Random.Shared.Next(Tenants)}";
                await writer.WriteAsync(
                    new Call(_clock.GetUtcNow(), tenant, Random.Shared.Next(100) / 100.0), stoppingToken);
                Interlocked.Increment(ref _written);
            }
        }
    }
}
