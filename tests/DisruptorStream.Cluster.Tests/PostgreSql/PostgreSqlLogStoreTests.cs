using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Contracts;
using DisruptorStream.PostgreSql.Logs;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>Topics in tables keep the contract.</summary>
public sealed class PostgreSqlLogStoreTests : LogTopicsContract
{
    private readonly SharedServer _server;

    public PostgreSqlLogStoreTests(SharedServer server) => _server = server;

    protected override async ValueTask<IPartitionLogStore> OpenStoreAsync() => new PostgreSqlLogStore(
        await _server.ConnectionStringAsync(), new PostgreSqlLogOptions { CreateTables = true });
}
