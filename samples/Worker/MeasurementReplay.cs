using DisruptorStream.Ingest;
using Microsoft.Extensions.Hosting;

namespace Worker;

/// <summary>Publishes a day of made-up measurements, the same each time, and then stops the host.</summary>
internal sealed class MeasurementReplay : BackgroundService
{
    private const int SecondsOfADay = 86_400;

    private static readonly string[] Rooms = ["attic", "cellar", "kitchen", "study"];

    private readonly EventPublisher<Measurement> _publisher;
    private readonly IHostApplicationLifetime _lifetime;

    public MeasurementReplay(EventPublisher<Measurement> publisher, IHostApplicationLifetime lifetime)
    {
        _publisher = publisher;
        _lifetime = lifetime;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var noise = 1u;
        for (var second = 0; second < SecondsOfADay; second++)
        {
            for (var room = 0; room < Rooms.Length; room++)
            {
                // A linear congruential generator: the same on every machine and under every compiler.
                noise = noise * 1_664_525 + 1_013_904_223;
                var celsius = 15 + room * 2 + second / 14_400.0 + (noise >> 16) / 65_536.0;
                await _publisher.PublishAsync(
                    new Measurement(Rooms[room], start.AddSeconds(second), celsius), stoppingToken);
            }
        }

        _lifetime.StopApplication();
    }
}
