using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Hosting.Tests;

/// <summary>What a new user sees first: three events and silence.</summary>
public sealed class QuietSourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Publish_ThreeEventsAndSilence_TheLastWindowFires()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        var sink = new FirstResult();
        var builder = Hosts.New();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(events => Hosts.CountPerSecond(events).To(sink)));
        using var host = builder.Build();
        await host.StartAsync();
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        var now = time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks;
        for (var reading = 0; reading < 3; reading++)
            publisher.Publish(new Reading("a", now + reading, 1));

        // Ticks come every second; a tick that finds the ring full is made up for by the next one.
        for (var second = 0; second < 8; second++)
            time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("a 3", await sink.Text.WaitAsync(Patience));
        await host.StopAsync();
    }

    private sealed class FirstResult : IResultSink<string>
    {
        private readonly TaskCompletionSource<string> _text =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Text => _text.Task;

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
                _text.TrySetResult($"{result.Key} {result.GetDouble(0)}");
        }
    }
}
