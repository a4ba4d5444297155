using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Contracts;
using DisruptorStream.PostgreSql.Logs;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>A log in tables keeps the contract.</summary>
public sealed class PostgreSqlLogTests : LogReadingContract
{
    private readonly SharedServer _server;

    public PostgreSqlLogTests(SharedServer server) => _server = server;

    protected override async ValueTask<IPartitionLogStore> OpenStoreAsync() => new PostgreSqlLogStore(
        await _server.ConnectionStringAsync(), new PostgreSqlLogOptions { CreateTables = true });

    protected override async ValueTask TruncateAsync(
        IPartitionLogStore store, string topic, int partition, long through) => Assert.Equal(
            through, await ((PostgreSqlLogStore)store).TruncateAsync(topic, partition, through, Token));
}
