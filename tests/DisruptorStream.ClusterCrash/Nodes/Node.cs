using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DisruptorStream.ClusterCrash.Nodes;

/// <summary>A node, as the one who starts and ends it sees it.</summary>
internal sealed partial class Node : IDisposable
{
    private const int Kill = 9;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    private readonly Process _process;

    private readonly string _log;

    private Node(Process process, string log) => (_process, _log) = (process, log);

    /// <summary>Starts one.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="log">A file behind which its messages are written.</param>
    /// <param name="prefix">
    /// What stands before the program, such as a command that changes the network; may be none.
    /// </param>
    public static Node Start(NodeOptions options, string log, params string[] prefix)
    {
        string[] command = [.. prefix, Environment.ProcessPath!, .. options.ToArguments()];
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("log=$1; shift; exec \"$@\" >> \"$log\" 2>&1");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(log);
        foreach (var argument in command)
            start.ArgumentList.Add(argument);
        return new Node(Process.Start(start)!, log);
    }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Waits until it has begun.</summary>
    /// <exception cref="TimeoutException">It has not in a minute.</exception>
    public async Task WaitUntilReadyAsync()
    {
        for (var looks = 0; looks < 1200; looks++)
        {
            if (HasEnded || (await ReadAsync()).Contains(NodeCommand.Ready, StringComparison.Ordinal))
                return;
            await Task.Delay(50);
        }

        throw new TimeoutException("A node has not begun in a minute.");
    }

    /// <summary>What it has said so far.</summary>
    public async Task<string> ReadAsync()
    {
        if (!File.Exists(_log))
            return "";
        await using var file = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(file);
        return await text.ReadToEndAsync();
    }

    /// <summary>Ends it as kill -9 does.</summary>
    public async Task KillAsync()
    {
        Signal(Kill);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>It stands still.</summary>
    public void Pause() => Signal(Stop);

    /// <summary>It goes on.</summary>
    public void Resume() => Signal(Continue);

    /// <summary>Asks it to end.</summary>
    /// <returns>What was wrong with that; empty for nothing.</returns>
    public async Task<string> StopAsync()
    {
        Signal(Terminate);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            return _process.ExitCode == 0 ? "" : $"a node ended with {_process.ExitCode}";
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return "a node did not end when it was asked to";
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Signal(Kill);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private void Signal(int signal) => _ = SendSignal(_process.Id, signal);
}
