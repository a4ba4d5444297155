using System.Diagnostics;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>A PostgreSQL server that tests start, kill and start again.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private const int NotInstalled = 3;

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"pg-{Guid.NewGuid():N}"[..16]);

    private TestServer()
    {
    }

    public string ConnectionString { get; private set; } = "";

    private static string Script
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "DisruptorStream.sln")))
                folder = Path.GetDirectoryName(folder)!;
            return Path.Combine(folder, "tests/postgresql/server.sh");
        }
    }

    /// <summary>Starts one.</summary>
    /// <remarks>
    /// Where there is no PostgreSQL the test is skipped, unless DISRUPTORSTREAM_NEEDS_POSTGRESQL says that there must
    /// be.
    /// </remarks>
    public static async Task<TestServer> StartAsync()
    {
        var server = new TestServer();
        var (code, output, errors) = await server.RunAsync("start");
        if (code == NotInstalled && Environment.GetEnvironmentVariable("DISRUPTORSTREAM_NEEDS_POSTGRESQL") is null)
            Assert.Skip(errors);
        Assert.True(code == 0, errors);
        server.ConnectionString = output.Trim();
        return server;
    }

    /// <summary>Ends it as a crash does.</summary>
    public Task KillAsync() => DoAsync("kill");

    /// <summary>Starts it again, with what it has on its disk.</summary>
    public Task StartAgainAsync() => DoAsync("restart");

    public async ValueTask DisposeAsync() => await RunAsync("stop");

    private async Task DoAsync(string what)
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
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return (process.ExitCode, await output, await errors);
    }
}
