using System.Diagnostics;
using DisruptorStream.Sinks.Tests.PostgreSql;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace DisruptorStream.Sinks.Tests.PostgreSql;

/// <summary>A server for the tests, from the first one that asks to the last.</summary>
/// <remarks>
/// Where there is no PostgreSQL the tests are skipped, unless DISRUPTORSTREAM_NEEDS_POSTGRESQL says that there must be.
/// </remarks>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const int NotInstalled = 3;

    private readonly Lazy<Task<string>> _start;
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"pg-{Guid.NewGuid():N}"[..16]);

    public PostgreSqlServer() => _start = new Lazy<Task<string>>(StartAsync);

    /// <summary>A server that is there already.</summary>
    private static string? Given =>
        Environment.GetEnvironmentVariable("DISRUPTORSTREAM_POSTGRESQL") is { Length: > 0 } given ? given : null;

    /// <summary>The connection string of the server, which is started the first time.</summary>
    public Task<string> ConnectionStringAsync() => _start.Value;

    public async ValueTask DisposeAsync()
    {
        if (_start.IsValueCreated && Given is null)
            await RunAsync("stop");
    }

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

    private async Task<string> StartAsync()
    {
        if (Given is { } given)
            return given;
        var (code, output, errors) = await RunAsync("start");
        if (code == NotInstalled && Environment.GetEnvironmentVariable("DISRUPTORSTREAM_NEEDS_POSTGRESQL") is null)
            Assert.Skip(errors);
        Assert.True(code == 0, errors);
        return output.Trim();
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

        // The server has the pipes too, and does not end.
        return (process.ExitCode, await output, await errors);
    }
}
