using DisruptorStream.Cluster.Tests.PostgreSql;
using Npgsql;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>A server for the tests that do not kill it, from the first one that asks to the last.</summary>
public sealed class SharedServer : IAsyncDisposable
{
    private readonly Lazy<Task<TestServer>> _started = new(TestServer.StartAsync);

    /// <summary>A server that is there already.</summary>
    private static string? Given =>
        Environment.GetEnvironmentVariable("DISRUPTORSTREAM_POSTGRESQL") is { Length: > 0 } given ? given : null;

    /// <summary>The connection string of the server, which is started the first time.</summary>
    public async Task<string> ConnectionStringAsync() => Given ?? (await _started.Value).ConnectionString;

    /// <summary>Makes a schema for a test; gives its name.</summary>
    public async Task<string> NewSchemaAsync()
    {
        var name = $"s{Guid.NewGuid():N}";
        await RunAsync($"CREATE SCHEMA {name}");
        return name;
    }

    /// <summary>Runs a statement; gives the first cell.</summary>
    public async Task<object?> RunAsync(string text)
    {
        await using var connection = new NpgsqlConnection($"{await ConnectionStringAsync()};Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated && _started.Value.IsCompletedSuccessfully)
            await (await _started.Value).DisposeAsync();
    }
}
