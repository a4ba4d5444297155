using System.Diagnostics;

namespace Cluster.Silos;

/// <summary>A silo, as the page sees it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SiloProcess(SiloOptions options, Process process) => (Options, _process) = (options, process);

    public SiloOptions Options { get; }

    public int ProcessId => _process.Id;

    public bool IsAlive => !_process.HasExited;

    public static SiloProcess Start(SiloOptions options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(SiloProcess).Assembly.Location);
        foreach (var argument in options.ToArguments())
            start.ArgumentList.Add(argument);
        return new SiloProcess(options, Process.Start(start)!);
    }

    /// <summary>Ends it as kill -9 does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to hand its partitions over, and to end.</summary>
    public void Stop() => _process.StandardInput.Close();

    public async ValueTask DisposeAsync()
    {
        if (IsAlive)
        {
            Stop();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (IsAlive)
                Kill();
        }

        _process.Dispose();
    }
}
