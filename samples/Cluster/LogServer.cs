using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cluster;

/// <summary>A NATS server with JetStream, on loopback and in a directory of its own.</summary>
internal sealed class LogServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _directory;

    private LogServer(Process process, string directory, string address) =>
        (_process, _directory, Address) = (process, directory, address);

    /// <summary>Where clients reach it.</summary>
    public string Address { get; }

    /// <summary>Starts one.</summary>
    /// <exception cref="InvalidOperationException">There is no such program, or it does not answer.</exception>
    public static async Task<LogServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("calls-log-").FullName;
        var port = FreePort.Find();
        var start = new ProcessStartInfo("nats-server") { UseShellExecute = false };
        foreach (var argument in (string[])
            ["-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-js", "-sd", directory,
                "-l", Path.Combine(directory, "log")])
        {
            start.ArgumentList.Add(argument);
        }

        // Debian has it where only root looks.
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin";
        Process process;
        try
        {
            process = StartProcess(start);
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(
                "There is no nats-server here, which is the log of this sample. Install it (Debian: apt install "
                + "nats-server), or see https://nats.io/download.",
                exception);
        }

        var server = new LogServer(
            process, directory, string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{port}"));
        try
        {
            await server.WaitAsync(port);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static Process StartProcess(ProcessStartInfo start)
    {
        foreach (var directory in start.Environment["PATH"]!.Split(':'))
        {
            var program = Path.Combine(directory, start.FileName);
            if (!File.Exists(program))
                continue;
            start.FileName = program;
            break;
        }

        return Process.Start(start)!;
    }

    private async Task WaitAsync(int port)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience && !_process.HasExited;)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException($"nats-server does not answer; what it says: {_directory}/log");
    }
}
