using DisruptorStream.Sinks.Tests;

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>A server of a test's own, which it may kill and start again.</summary>
public sealed class NatsServer : IAsyncDisposable
{
    private readonly ServerScript _script = new("nats", TimeSpan.FromMinutes(1));

    private NatsServer()
    {
    }

    /// <summary>Where it is; the same after a restart.</summary>
    public string Url { get; private set; } = "";

    public static async Task<NatsServer> StartAsync()
    {
        var server = new NatsServer();
        server.Url = await server._script.StartAsync();
        return server;
    }

    /// <summary>Ends it as kill -9 does, and starts it again where it was.</summary>
    public async Task CrashAsync()
    {
        await KillAsync();
        await RestartAsync();
    }

    public Task KillAsync() => _script.DoAsync("kill");

    public Task RestartAsync() => _script.DoAsync("restart");

    public async ValueTask DisposeAsync() => await _script.DoAsync("stop");
}
