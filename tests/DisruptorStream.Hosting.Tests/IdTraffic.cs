using DisruptorStream.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Hosting.Tests;

/// <summary>Publishes the ids 0, 1, 2 and so on, each once, from several threads, until they are refused.</summary>
internal sealed class IdTraffic : IDisposable
{
    private readonly EventPublisher<long>[] _publishers;
    private long _next;

    public IdTraffic(IHost host, int publishers)
    {
        // All are there before the first event, so that none comes too late for having joined late.
        var processor = host.Services.GetRequiredService<StreamProcessor<long, int>>();
        _publishers = [.. Enumerable.Range(0, publishers).Select(n => processor.CreateEventPublisher($"source {n}"))];
    }

    /// <summary>How many were accepted, and which were refused: one for each publisher.</summary>
    public async Task<(long Accepted, long[] Refused)> PublishAsync()
    {
        var refused = await Task.WhenAll(_publishers.Select(publisher => Task.Factory.StartNew(
            () => Publish(publisher),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        return (_next - refused.Length, refused);
    }

    public void Dispose()
    {
        foreach (var publisher in _publishers)
            publisher.Dispose();
    }

    private long Publish(EventPublisher<long> publisher)
    {
        while (true)
        {
            var id = Interlocked.Increment(ref _next) - 1;
            try
            {
                publisher.Publish(in id);
            }
            catch (ProcessorStoppedException)
            {
                // From here on the host stops, and nothing more is accepted.
                return id;
            }
        }
    }
}
