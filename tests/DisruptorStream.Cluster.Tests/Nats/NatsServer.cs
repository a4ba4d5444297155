using System.Diagnostics;

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>A server of a test's own, which it may kill and start again.</summary>
/// <remarks>
/// Where there is no NATS server the tests are skipped, unless DISRUPTORSTREAM_NEEDS_NATS says that there must be.
/// </remarks>
public sealed class NatsServer : IAsyncDisposable
{
    private const int NotInstalled = 3;

    private readonly string _directory;

    private NatsServer(string directory) => _directory = directory;

    /// <summary>Where it is; the same after a restart.</summary>
    public string Url { get; private set; } = "";

    public static async Task<NatsServer> StartAsync()
    {
        var server = new NatsServer(Path.Combine(Path.GetTempPath(), $"nats-{Guid.NewGuid():N}"[..18]));
        var (code, output, errors) = await server.RunAsync("start");
        if (code == NotInstalled && Environment.GetEnvironmentVariable("DISRUPTORSTREAM_NEEDS_NATS") is null)
            Assert.Skip(errors);
        Assert.True(code == 0, errors);
        server.Url = output.Trim();
        return server;
    }

    /// <summary>Ends it as kill -9 does, and starts it again where it was.</summary>
    public async Task CrashAsync()
    {
        await KillAsync();
        await RestartAsync();
    }

    public async Task KillAsync() => await MustAsync("kill");

    public async Task RestartAsync() => await MustAsync("restart");

    public async ValueTask DisposeAsync() => await MustAsync("stop");

    private static string Script
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "DisruptorStream.sln")))
                folder = Path.GetDirectoryName(folder)!;
            return Path.Combine(folder, "tests/nats/server.sh");
        }
    }

    private async Task MustAsync(string what)
    {
        var (code, _, errors) = await RunAsync(what);
        Assert.True(code == 0, errors);
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string what)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [Script, what, _directory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, await output, await errors);
    }
}
