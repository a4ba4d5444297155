using System.Diagnostics;

namespace DisruptorStream.Sinks.Tests;

/// <summary>
/// A server of the tests, in a directory of its own, that a script of this repository starts and ends.
/// </summary>
/// <remarks>
/// Where there is no such server the tests are skipped, unless DISRUPTORSTREAM_NEEDS_ and its name say that there must
/// be.
/// </remarks>
internal sealed class ServerScript
{
    private const int NotInstalled = 3;

    private readonly string _kind;
    private readonly TimeSpan _patience;

    // Short: the sockets of servers lie in it, and their names may have some hundred characters.
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"srv-{Guid.NewGuid():N}"[..16]);

    /// <param name="kind">The folder of the script, such as "nats".</param>
    /// <param name="patience">How long a call of it may take.</param>
    public ServerScript(string kind, TimeSpan patience) => (_kind, _patience) = (kind, patience);

    private string Script
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "DisruptorStream.sln")))
                folder = Path.GetDirectoryName(folder)!;
            return Path.Combine(folder, $"tests/{_kind}/server.sh");
        }
    }

    /// <summary>Starts the server; gives its address.</summary>
    public async Task<string> StartAsync()
    {
        var (code, output, errors) = await RunAsync("start");
        var needed = Environment.GetEnvironmentVariable($"DISRUPTORSTREAM_NEEDS_{_kind.ToUpperInvariant()}");
        if (code == NotInstalled && needed is null)
            Assert.Skip(errors);
        Assert.True(code == 0, errors);
        return output.Trim();
    }

    /// <summary>Does what the script can do: kill, restart, stop.</summary>
    public async Task DoAsync(string what)
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
        await process.WaitForExitAsync().WaitAsync(_patience);
        return (process.ExitCode, await output, await errors);
    }
}
