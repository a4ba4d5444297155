using DisruptorStream.Cluster.Logs;
using DisruptorStream.PostgreSql.Logs;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>A reader that does not go on holds two pages, whatever there is behind it.</summary>
[CollectionDefinition(nameof(PostgreSqlLogMemoryTests), DisableParallelization = true)]
[Collection(nameof(PostgreSqlLogMemoryTests))]
public sealed class PostgreSqlLogMemoryTests
{
    private const int Records = 40;
    private const int BodyBytes = 1 << 20;

    private readonly SharedServer _server;

    public PostgreSqlLogMemoryTests(SharedServer server) => _server = server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_ConsumerWaits_FewBytesAreHeld()
    {
        await using var store = new PostgreSqlLogStore(
            await _server.ConnectionStringAsync(), new PostgreSqlLogOptions { CreateTables = true });
        var topic = $"t-{Guid.NewGuid():N}";
        await store.CreateTopicAsync(topic, 1, Token);
        var log = await store.OpenAsync(topic, 0, Token);
        var body = new byte[BodyBytes];
        for (var number = 0; number < Records; number++)
            await log.AppendAsync(new LogRecord(body, []), number, Token);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (read, most) = (0, 0L);
        await foreach (var entry in log.ReadAsync(0, follow: false, Token))
        {
            Assert.Equal(BodyBytes, entry.Record.Body.Length);
            if (read++ % 16 == 0)
            {
                // The page behind this one is read meanwhile.
                await Task.Delay(100, Token);
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(Records, read);
        Assert.InRange(most, BodyBytes, 20 * BodyBytes);
    }
}
