using System.Globalization;
using DisruptorStream.Crash.Processes;
using DisruptorStream.Crash.Workloads;

namespace DisruptorStream.Crash.Kills;

/// <summary>One process of a workload, from its start to its end, however that comes.</summary>
internal sealed class Life : IDisposable
{
    private const int KilledCode = 128 + 9;

    private readonly ChildProcess _process;
    private readonly CollectedResults _results;
    private readonly ManualResetEventSlim _isBuilding = new();
    private readonly ManualResetEventSlim _hasBuilt = new();
    private string _said = "";

    /// <param name="workload">What it does.</param>
    /// <param name="directory">Where its journal is.</param>
    /// <param name="results">Where its results go.</param>
    /// <param name="options">What else it is told.</param>
    public Life(Workload workload, string directory, CollectedResults results, params string[] options)
    {
        _results = results;
        _process = new ChildProcess(
            ChildProcess.Self,
            ["work", workload.Seed.ToString(CultureInfo.InvariantCulture), directory, .. options],
            OnLine,
            OnEnd);
    }

    /// <summary>Whether it has gone through recovery.</summary>
    public bool HasBuilt => _hasBuilt.IsSet;

    /// <summary>Whether it said that it is at its end.</summary>
    public bool HasEnded => Volatile.Read(ref _said) is WorkCommand.Ended or WorkCommand.Suspended;

    /// <summary>Whether all events are in, and all results out.</summary>
    public bool IsThrough => _said == WorkCommand.Ended;

    /// <summary>Why it ended, where nobody killed it and it was not at its end; else null.</summary>
    public string? Failure => _process.ExitCode is 0 or KilledCode
        ? null
        : $"{_said} {_process.Errors} (exit code {_process.ExitCode})";

    /// <summary>Waits until it starts (0), begins to build (1), or has built (2), or has ended.</summary>
    public bool WaitFor(int moment, TimeSpan patience) => moment switch
    {
        0 => true,
        1 => _isBuilding.Wait(patience),
        _ => _hasBuilt.Wait(patience),
    };

    public void Kill() => _process.Kill();

    public bool WaitForEnd(TimeSpan patience) => _process.WaitForEnd(patience);

    public void Dispose()
    {
        _process.Dispose();
    }

    private void OnEnd()
    {
        _isBuilding.Set();
        _hasBuilt.Set();
    }

    private void OnLine(string line)
    {
        if (!line.StartsWith('@'))
        {
            _results.Add(line);
            return;
        }

        Volatile.Write(ref _said, line);
        _isBuilding.Set();
        if (!line.StartsWith(WorkCommand.Building, StringComparison.Ordinal))
            _hasBuilt.Set();
    }
}
