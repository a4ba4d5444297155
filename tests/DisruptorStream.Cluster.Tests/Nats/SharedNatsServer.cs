using DisruptorStream.Cluster.Tests.Nats;

[assembly: AssemblyFixture(typeof(SharedNatsServer))]

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>A server for all tests that leave it alone, from the first one that asks to the last.</summary>
public sealed class SharedNatsServer : IAsyncDisposable
{
    private readonly Lazy<Task<NatsServer>> _start = new(NatsServer.StartAsync);

    /// <summary>Its address; it is started the first time.</summary>
    public async Task<string> UrlAsync() => (await _start.Value).Url;

    public async ValueTask DisposeAsync()
    {
        if (_start.IsValueCreated && _start.Value.IsCompletedSuccessfully)
            await (await _start.Value).DisposeAsync();
    }
}
