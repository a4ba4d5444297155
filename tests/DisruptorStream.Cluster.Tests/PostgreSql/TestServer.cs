using DisruptorStream.Sinks.Tests;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>A PostgreSQL server that tests start, kill and start again.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly ServerScript _script = new("postgresql", TimeSpan.FromMinutes(3));

    private TestServer()
    {
    }

    public string ConnectionString { get; private set; } = "";

    /// <summary>Starts one.</summary>
    public static async Task<TestServer> StartAsync()
    {
        var server = new TestServer();
        server.ConnectionString = await server._script.StartAsync();
        return server;
    }

    /// <summary>Ends it as a crash does.</summary>
    public Task KillAsync() => _script.DoAsync("kill");

    /// <summary>Starts it again, with what it has on its disk.</summary>
    public Task StartAgainAsync() => _script.DoAsync("restart");

    public async ValueTask DisposeAsync() => await _script.DoAsync("stop");
}
