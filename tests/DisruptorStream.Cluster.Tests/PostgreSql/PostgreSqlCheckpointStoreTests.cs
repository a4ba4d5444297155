using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Contracts;
using DisruptorStream.PostgreSql.Checkpoints;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>Checkpoints in tables keep the contract; damage is seen, and nothing is left behind.</summary>
public sealed class PostgreSqlCheckpointStoreTests : CheckpointStoreContract
{
    private readonly SharedServer _server;

    public PostgreSqlCheckpointStoreTests(SharedServer server) => _server = server;

    [Theory]
    [InlineData("DELETE FROM {0}.disruptorstream_checkpoint_pieces WHERE number = 1")]
    [InlineData("UPDATE {0}.disruptorstream_checkpoint_pieces SET body = set_byte(body, 5, 7) WHERE number = 1")]
    [InlineData("UPDATE {0}.disruptorstream_checkpoint_pieces SET body = body || body WHERE number = 2")]
    public async Task ReadAsync_PieceIsDamaged_SaysSo_AndTheNextOneTakesItsPlace(string damage)
    {
        await using var store = await NewStoreAsync();
        await store.Store.WriteAsync("calls", 0, At(1, 1, new byte[2_500_000]), 0, Token);
        await _server.RunAsync(string.Format(null, damage, store.Schema));

        var damaged = await Assert.ThrowsAsync<DamagedCheckpointException>(
            async () => await store.Store.ReadAsync("calls", 0, Token));
        await store.Store.WriteAsync("calls", 0, At(2, 2, [1]), damaged.Revision, Token);
        Assert.Equal(2, (await store.Store.ReadAsync("calls", 0, Token))!.Checkpoint.Epoch);
    }

    [Fact]
    public async Task WriteAsync_Replaces_OldPiecesAreGone()
    {
        await using var store = await NewStoreAsync();
        var revision = 0L;
        foreach (var length in (int[])[3_000_000, 10, 0, 2_000_000])
        {
            revision = await store.Store.WriteAsync("calls", 0, At(1, length, new byte[length]), revision, Token);
            await Assert.ThrowsAsync<PartitionFencedException>(
                async () => await store.Store.WriteAsync("calls", 0, At(1, 1, new byte[100]), revision + 1, Token));
            Assert.Equal((length + (1L << 20) - 1) >> 20, await PiecesAsync(store.Schema));
        }
    }

    [Fact]
    public async Task ReadAsync_NoTables_SaysHowToMakeThem()
    {
        var schema = await _server.NewSchemaAsync();
        await using var store = new PostgreSqlCheckpointStore(
            await _server.ConnectionStringAsync(), new PostgreSqlCheckpointOptions { Schema = schema });

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await store.ReadAsync("calls", 0, Token));

        var begin = refused.Message.IndexOf("CREATE", StringComparison.Ordinal);
        await _server.RunAsync($"SET search_path TO {schema}; {refused.Message[begin..]}");

        Assert.Null(await store.ReadAsync("calls", 0, Token));
        await store.WriteAsync("calls", 0, At(1, 1, [1]), 0, Token);
    }

    protected override async ValueTask<ICheckpointStore> OpenStoreAsync() => new PostgreSqlCheckpointStore(
        await _server.ConnectionStringAsync(), new PostgreSqlCheckpointOptions { CreateTables = true });

    private async Task<object?> PiecesAsync(string schema) =>
        await _server.RunAsync($"SELECT count(*) FROM {schema}.disruptorstream_checkpoint_pieces");

    private async Task<SchemaStore> NewStoreAsync()
    {
        var schema = await _server.NewSchemaAsync();
        return new SchemaStore(schema, new PostgreSqlCheckpointStore(
            await _server.ConnectionStringAsync(),
            new PostgreSqlCheckpointOptions { CreateTables = true, Schema = schema }));
    }

    private sealed record SchemaStore(string Schema, PostgreSqlCheckpointStore Store) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Store.DisposeAsync();
    }
}
