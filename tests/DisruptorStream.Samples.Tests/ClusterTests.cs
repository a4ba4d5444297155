using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace DisruptorStream.Samples.Tests;

/// <summary>The cluster starts by one command, and goes on without a silo that is killed.</summary>
public sealed class ClusterTests : IDisposable
{
    private const int Partitions = 12;
    private const int MostLines = 100;

    private readonly ConcurrentQueue<string> _lines = new();

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DirectoryInfo Root
    {
        get
        {
            var at = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(at.FullName, "DisruptorStream.sln")))
                at = at.Parent!;
            return at;
        }
    }

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Run_ASiloIsKilled_TheOthersOwnItsPartitionsAndGoOn()
    {
        Assert.SkipUnless(
            HasServer(), "There is no nats-server here, which is the log of the sample: apt install nats-server.");
        var address = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
        using var process = Start(address);
        try
        {
            var (results, owners) = await UntilOwnedAsync(address, leastResults: 1, ofSilos: 3, except: 0);
            using var killed = await _client.PostAsync($"{address}/silos/{owners[0].Number}/kill", null, Token);
            Assert.Equal(HttpStatusCode.NoContent, killed.StatusCode);
            await UntilOwnedAsync(address, results + 1, ofSilos: 2, except: owners[0].Port);
            using var page = await _client.GetAsync($"{address}/", Token);
            Assert.Contains("Call cluster", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private static bool HasServer() =>
        Environment.GetEnvironmentVariable("DISRUPTORSTREAM_NEEDS_NATS") == "1"
        || $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':')
            .Any(directory => File.Exists(Path.Combine(directory, "nats-server")));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Process Start(string address)
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(built.Parent!.Parent!.FullName, "Cluster", built.Name, "Cluster.dll");
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            WorkingDirectory = Path.Combine(Root.FullName, "samples", "Cluster"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[program, "--urls", address, "--calls", "500"])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;

        // What nobody reads would hold it in the end.
        DataReceivedEventHandler keep = (_, line) =>
        {
            _lines.Enqueue(line.Data ?? "");
            while (_lines.Count > MostLines)
                _lines.TryDequeue(out var _);
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Asks it to end: it takes its silos and its server with it.</summary>
    private static async Task EndAsync(Process process)
    {
        using var ask = Process.Start(
            "kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>
    /// Waits until so many silos are there, all partitions are owned, by others than the one with a port, and there are
    /// so many results.
    /// </summary>
    /// <returns>How many results there are, and the silos that own something.</returns>
    private async Task<(long Results, List<(int Number, int Port)> Owners)> UntilOwnedAsync(
        string address, long leastResults, int ofSilos, int except)
    {
        var seen = "";
        for (var looks = 0; looks < 600; looks++)
        {
            await Task.Delay(200, Token);
            try
            {
                seen = await _client.GetStringAsync(new Uri($"{address}/cluster"), Token);
            }
            catch (HttpRequestException)
            {
                continue;
            }

            using var view = JsonDocument.Parse(seen);
            if (view.RootElement.GetProperty("partitions") is not { ValueKind: JsonValueKind.Array } partitions)
                continue;
            var owned = partitions.EnumerateArray().Where(one => one.GetProperty("state").GetInt32() == 3).ToList();
            var results = owned.Sum(one => one.GetProperty("results").GetInt64());
            var silos = view.RootElement.GetProperty("silos").EnumerateArray()
                .Where(silo => silo.GetProperty("isAlive").GetBoolean())
                .Select(silo => (silo.GetProperty("number").GetInt32(), silo.GetProperty("port").GetInt32()))
                .ToList();
            var addresses = owned.ConvertAll(one => one.GetProperty("silo").GetString()!);
            if (owned.Count == Partitions && results >= leastResults && silos.Count == ofSilos
                && !addresses.Exists(one => IsAt(one, except)))
            {
                return (results, silos.FindAll(silo => addresses.Exists(one => IsAt(one, silo.Item2))));
            }
        }

        Assert.Fail($"The partitions are not owned: {seen}\n{string.Join('\n', _lines)}");
        return default;
    }

    private static bool IsAt(string silo, int port) =>
        silo.Contains(string.Create(CultureInfo.InvariantCulture, $":{port}@"), StringComparison.Ordinal);
}
