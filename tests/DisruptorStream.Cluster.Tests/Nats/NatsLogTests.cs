using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Contracts;
using DisruptorStream.Nats.Logs;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>A log of a real server keeps the contract.</summary>
public sealed class NatsLogTests : LogReadingContract
{
    private readonly SharedNatsServer _server;

    public NatsLogTests(SharedNatsServer server) => _server = server;

    [Fact]
    public async Task AppendAsync_LargerThanTheServerTakes_SaysSo()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var record = new LogRecord(new byte[1 << 20], []);

        var refused = await Assert.ThrowsAsync<ArgumentException>(async () => await log.AppendAsync(record, 0, Token));

        Assert.Contains("takes 1048576 (max_payload)", refused.Message);
        Assert.Null(await log.ReadLastAsync(Token));
        var largest = new LogRecord(new byte[(1 << 20) - 512], []);
        Assert.True(await log.AppendAsync(largest, 0, Token) > 0);
        Assert.Equal(largest.Body.Length, Assert.Single(await ReadAllAsync(log, 0)).Record.Body.Length);
    }

    [Fact]
    public async Task ReadAsync_SlowReader_ReadsAheadByABoundedNumberOfBytes()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        for (var number = 0; number < 1_000; number += 50)
        {
            await Task.WhenAll(Enumerable.Range(number, 50).Select(
                one => log.AppendAsync(new LogRecord(new byte[64_000], []), $"{one}", Token).AsTask()));
        }

        var proxy = new Pipe(await _server.UrlAsync());
        await using var reading = new NatsLogStore(new NatsLogOptions { Url = proxy.Url });
        var again = await reading.OpenAsync(log.Name[..^2], 0, Token);
        var count = 0;
        await foreach (var entry in again.ReadAsync(0, follow: false, Token))
        {
            if (++count == 1)
                Assert.InRange(await proxy.BytesWhenQuietAsync(Token), 64_000, 12 << 20);
        }

        Assert.Equal(1_000, count);
        Assert.True(await proxy.BytesWhenQuietAsync(Token) > 60_000_000);
        await proxy.DisposeAsync();
    }

    protected override async ValueTask<IPartitionLogStore> OpenStoreAsync() =>
        new NatsLogStore(new NatsLogOptions { Url = await _server.UrlAsync(), InMemory = true });

    protected override async ValueTask TruncateAsync(
        IPartitionLogStore store, string topic, int partition, long through)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = await _server.UrlAsync() });
        await new NatsJSContext(connection).PurgeStreamAsync(
            $"ds_{topic}_{partition}", new StreamPurgeRequest { Seq = (ulong)through + 1 }, Token);
    }
}
