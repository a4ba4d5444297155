using System.Net;
using System.Net.Sockets;

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>A way to a server that counts what comes from it, and that can be cut.</summary>
internal sealed class Pipe : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private readonly List<TcpClient> _ends = [];
    private readonly Task _accepting;
    private long _bytes;
    private volatile bool _isClosed;

    public Pipe(string url)
    {
        _port = new Uri(url).Port;
        _listener.Start();
        Url = $"nats://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>Ends all connections; new ones are taken.</summary>
    public void Cut()
    {
        lock (_ends)
        {
            foreach (var end in _ends)
                end.Dispose();
            _ends.Clear();
        }
    }

    /// <summary>What came from the server, once nothing more does for a while.</summary>
    public async Task<long> BytesWhenQuietAsync(CancellationToken cancellationToken)
    {
        var bytes = -1L;
        while (bytes != Interlocked.Read(ref _bytes))
        {
            bytes = Interlocked.Read(ref _bytes);
            await Task.Delay(300, cancellationToken);
        }

        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        _listener.Stop();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (!_isClosed)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _port);
                lock (_ends)
                    _ends.AddRange([client, server]);
                _ = CopyAsync(client, server, counts: false);
                _ = CopyAsync(server, client, counts: true);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                // It is closed, or the server is away: who wants to connect tries again.
            }
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool counts)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                if (counts)
                    Interlocked.Add(ref _bytes, read);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception failure) when (
            failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cut.
        }

        from.Dispose();
        to.Dispose();
    }
}
