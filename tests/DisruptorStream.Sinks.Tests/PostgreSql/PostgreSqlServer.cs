using DisruptorStream.Sinks.Tests.PostgreSql;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace DisruptorStream.Sinks.Tests.PostgreSql;

/// <summary>A server for the tests, from the first one that asks to the last.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly ServerScript _script = new("postgresql", TimeSpan.FromMinutes(3));
    private readonly Lazy<Task<string>> _start;

    public PostgreSqlServer() => _start = new Lazy<Task<string>>(StartAsync);

    /// <summary>A server that is there already.</summary>
    private static string? Given =>
        Environment.GetEnvironmentVariable("DISRUPTORSTREAM_POSTGRESQL") is { Length: > 0 } given ? given : null;

    /// <summary>The connection string of the server, which is started the first time.</summary>
    public Task<string> ConnectionStringAsync() => _start.Value;

    public async ValueTask DisposeAsync()
    {
        if (_start.IsValueCreated && Given is null)
            await _script.DoAsync("stop");
    }

    private Task<string> StartAsync() => Given is { } given ? Task.FromResult(given) : _script.StartAsync();
}
