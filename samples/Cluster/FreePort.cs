using System.Net;
using System.Net.Sockets;

namespace Cluster;

/// <summary>Finds ports for the processes of the sample.</summary>
internal static class FreePort
{
    /// <summary>One on loopback that nobody has just now.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
