using System.Diagnostics;
using DisruptorStream.Nats.Checkpoints;
using DisruptorStream.Nats.Logs;
using DisruptorStream.PostgreSql.Checkpoints;
using DisruptorStream.PostgreSql.Logs;

namespace DisruptorStream.ClusterCrash.Servers;

/// <summary>The server of a log, in a directory of its own.</summary>
internal sealed class LogServer : IAsyncDisposable
{
    public const string Nats = "nats";
    public const string PostgreSql = "postgresql";

    // A database that was killed first writes all its files to the disk, which others may be using.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _script;
    private readonly string _directory;

    private LogServer(string kind, string script, string directory, string address) =>
        (Kind, _script, _directory, Address) = (kind, script, directory, address);

    /// <summary>Which one.</summary>
    public string Kind { get; }

    /// <summary>Where it is reached.</summary>
    public string Address { get; }

    /// <exception cref="FormatException">There is no such log.</exception>
    public static string Checked(string kind) => kind is Nats or PostgreSql
        ? kind
        : throw new FormatException($"There is no log '{kind}'; there are {Nats} and {PostgreSql}.");

    /// <summary>Starts one.</summary>
    public static async Task<LogServer> StartAsync(string kind)
    {
        var script = Path.Combine(Root(), "tests", kind, "server.sh");
        var directory = Path.Combine(Path.GetTempPath(), $"cluster-{kind}-{Guid.NewGuid():N}"[..32]);
        var address = await RunAsync(script, "start", directory);
        return new LogServer(kind, script, directory, address);
    }

    /// <summary>Opens what a server keeps.</summary>
    public static Stores Open(string kind, string address) => kind == Nats
        ? new Stores(
            new NatsLogStore(new NatsLogOptions { Url = address }),
            new NatsCheckpointStore(new NatsCheckpointOptions { Url = address }))
        : new Stores(
            new PostgreSqlLogStore(address, new PostgreSqlLogOptions { CreateTables = true, MaxConnections = 10 }),
            new PostgreSqlCheckpointStore(
                address, new PostgreSqlCheckpointOptions { CreateTables = true, MaxConnections = 3 }));

    /// <summary>Ends it as kill -9 does, and starts it again after a while.</summary>
    public async Task KillAsync(TimeSpan away)
    {
        await RunAsync(_script, "kill", _directory);
        await Task.Delay(away);
        await RunAsync(_script, "restart", _directory);
    }

    public async ValueTask DisposeAsync() => await RunAsync(_script, "stop", _directory);

    private static async Task<string> RunAsync(string script, string verb, string directory)
    {
        var start = new ProcessStartInfo("/bin/bash")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add(script);
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(directory);
        using var process = Process.Start(start)!;

        // The server has the output too, and keeps it: so one line is all that is waited for.
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode == 0
            ? line ?? ""
            : throw new InvalidOperationException($"{script} {verb} ended with {process.ExitCode}.");
    }

    private static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "DisruptorStream.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} lies in no clone of the project.");
    }
}
