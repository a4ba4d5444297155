using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DisruptorStream.ClusterCrash.Servers;

/// <summary>
/// A network of its own for one node, with a cable to this one that can be pulled: behind the cable only the server of
/// the log is reached.
/// </summary>
/// <remarks>
/// A network namespace with a pair of virtual interfaces, and a relay at this end of it to the server, which stays
/// where it was. Needs root and the command ip.
/// </remarks>
internal sealed class CutNetwork : IAsyncDisposable
{
    private readonly string _name;
    private readonly string _cable;
    private readonly TcpListener _relay;
    private readonly Func<Socket> _newSocket;
    private readonly EndPoint _server;
    private readonly CancellationTokenSource _end = new();

    private CutNetwork(string name, string cable, TcpListener relay, Func<Socket> newSocket, EndPoint server) =>
        (_name, _cable, _relay, _newSocket, _server) = (name, cable, relay, newSocket, server);

    /// <summary>What stands before a program that runs in it.</summary>
    public string[] Prefix => ["ip", "netns", "exec", _name];

    /// <summary>The port of the relay.</summary>
    public int Port => ((IPEndPoint)_relay.LocalEndpoint).Port;

    /// <summary>The address of the relay.</summary>
    public string Host => ((IPEndPoint)_relay.LocalEndpoint).Address.ToString();

    /// <summary>Makes one.</summary>
    /// <param name="server">Where the server is reached from here.</param>
    public static async Task<CutNetwork> StartAsync(EndPoint server)
    {
        var id = Random.Shared.Next(1, 250);
        var name = string.Create(CultureInfo.InvariantCulture, $"cluster-{Environment.ProcessId}-{id}");
        var cable = string.Create(CultureInfo.InvariantCulture, $"dsc{Environment.ProcessId % 10_000}x{id}");
        var here = string.Create(CultureInfo.InvariantCulture, $"10.213.{id}.1");
        var there = string.Create(CultureInfo.InvariantCulture, $"10.213.{id}.2");
        await IpAsync($"netns add {name}");
        await IpAsync($"link add {cable} type veth peer name eth0 netns {name}");
        await IpAsync($"addr add {here}/30 dev {cable}");
        await IpAsync($"link set {cable} up");
        await IpAsync($"-n {name} addr add {there}/30 dev eth0");
        await IpAsync($"-n {name} link set eth0 up");
        await IpAsync($"-n {name} link set lo up");
        var relay = new TcpListener(IPAddress.Parse(here), 0);
        relay.Start();
        Func<Socket> newSocket = server is UnixDomainSocketEndPoint
            ? static () => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : static () => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var network = new CutNetwork(name, cable, relay, newSocket, server);
        _ = network.RelayAsync();
        return network;
    }

    /// <summary>Pulls the cable: nobody is told, and nothing arrives.</summary>
    public Task CutAsync() => IpAsync($"link set {_cable} down");

    /// <summary>Puts it in again.</summary>
    public Task MendAsync() => IpAsync($"link set {_cable} up");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _relay.Stop();
        await IpAsync($"link del {_cable}");
        await IpAsync($"netns del {_name}");
        _end.Dispose();
    }

    private static async Task IpAsync(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ip {arguments} ended with {process.ExitCode}; it needs root.");
    }

    private async Task RelayAsync()
    {
        try
        {
            while (!_end.IsCancellationRequested)
                _ = RelayAsync(await _relay.AcceptSocketAsync(_end.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // It is over.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var near = client;
        using var far = _newSocket();
        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(_server, _end.Token);
            await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The server is away, or it is over: the client sees that its connection has ended.
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Either end has closed it.
        }
    }
}
