using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Cluster;

/// <summary>A NATS server with JetStream, on loopback and in a directory of its own.</summary>
internal sealed partial class LogServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _directory;

    private LogServer(Process process, string directory) => (_process, _directory) = (process, directory);

    /// <summary>Where clients reach it.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts one.</summary>
    /// <exception cref="InvalidOperationException">There is no such program, or it does not answer.</exception>
    public static async Task<LogServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("calls-log-").FullName;
        var start = new ProcessStartInfo("nats-server") { UseShellExecute = false };

        // A port that is free, which it says in a file: whoever looks for one before may be too late.
        foreach (var argument in (string[])
            ["-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", directory, "-js", "-sd", directory,
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

        var server = new LogServer(process, directory);
        try
        {
            await server.WaitAsync();
            process.EnableRaisingEvents = true;
            process.Exited += server.TellOfItsEnd;
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
        _process.Exited -= TellOfItsEnd;
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

    private void TellOfItsEnd(object? sender, EventArgs e) =>
        Console.Error.WriteLine($"nats-server has ended by itself; what it says: {_directory}/log");

    private async Task WaitAsync()
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience && !_process.HasExited;)
        {
            if (PortOf(_directory) is { } port)
            {
                Address = string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{port}");
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync(IPAddress.Loopback, port);
                    return;
                }
                catch (SocketException)
                {
                    // It listens soon.
                }
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException($"nats-server does not answer; what it says: {_directory}/log");
    }

    private static int? PortOf(string directory)
    {
        foreach (var file in Directory.GetFiles(directory, "nats-server_*.ports"))
        {
            if (Written().Match(File.ReadAllText(file)) is { Success: true } found)
                return int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }

        return null;
    }

    [GeneratedRegex(@"nats://127\.0\.0\.1:([0-9]+)")]
    private static partial Regex Written();
}
