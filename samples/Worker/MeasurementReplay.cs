using DisruptorStream;
using DisruptorStream.Ingest;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Worker;

/// <summary>Publishes a day of made-up measurements, the same each time, and then stops the host.</summary>
/// <remarks>
/// Where the processor is durable, and has events of the day already, it goes on behind them: measurements have an
/// order, so how many there are says which one is next.
/// </remarks>
internal sealed class MeasurementReplay : BackgroundService
{
    private const int SecondsOfADay = 86_400;
    private const int SecondsOfAnHour = 3_600;
    private const int MiddleOfAWindow = 300;

    private static readonly string[] Rooms = ["attic", "cellar", "kitchen", "study"];

    private readonly StreamProcessor<Measurement, string> _processor;
    private readonly EventPublisher<Measurement> _publisher;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeSpan _pause;

    /// <param name="processor">Says how many measurements it has.</param>
    /// <param name="publisher">Takes them.</param>
    /// <param name="lifetime">Ends the host.</param>
    /// <param name="configuration">
    /// "Replay:MillisecondsPerHour" is how long the replay waits in each hour of the day, in the middle of a window;
    /// default 0.
    /// </param>
    public MeasurementReplay(
        StreamProcessor<Measurement, string> processor,
        EventPublisher<Measurement> publisher,
        IHostApplicationLifetime lifetime,
        IConfiguration configuration)
    {
        _processor = processor;
        _publisher = publisher;
        _lifetime = lifetime;
        _pause = TimeSpan.FromMilliseconds(configuration.GetValue("Replay:MillisecondsPerHour", 0));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var noise = 1u;
        var published = _processor.GetStats().EventsProcessed;
        for (var number = 0; number < SecondsOfADay * Rooms.Length; number++)
        {
            // A linear congruential generator: the same on every machine and under every compiler.
            noise = noise * 1_664_525 + 1_013_904_223;
            if (number < published)
                continue;
            var (second, room) = Math.DivRem(number, Rooms.Length);
            var celsius = 15 + room * 2 + second / 14_400.0 + (noise >> 16) / 65_536.0;
            await _publisher.PublishAsync(
                new Measurement(Rooms[room], start.AddSeconds(second), celsius), stoppingToken);
            if (room == Rooms.Length - 1 && second % SecondsOfAnHour == MiddleOfAWindow && _pause > TimeSpan.Zero)
                await Task.Delay(_pause, stoppingToken);
        }

        // The day is over: its last windows fire, also where the processor is to go on another day.
        _publisher.Complete();
        _lifetime.StopApplication();
    }
}
