using DisruptorStream.Crash.Processes;
using DisruptorStream.Crash.Workloads;
using DisruptorStream.Durability;

namespace DisruptorStream.Crash.Syscalls;

/// <summary>One run in which one call of the system is spoilt, and what goes on after it.</summary>
/// <remarks>
/// A process that is killed leaves a directory that the next one goes on from. One that gets an error ends and says
/// why, or goes on, but never hangs; and the next one goes on all the same. In the end all results are those of a run
/// that nothing happened to.
/// </remarks>
internal sealed class SyscallRound
{
    private const int KilledCode = 128 + 9;
    private const int Tries = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HandRun _run;
    private readonly SyscallPoint _point;
    private readonly string _directory;
    private readonly CollectedResults _expected;

    /// <param name="run">What the process does.</param>
    /// <param name="point">What is spoilt.</param>
    /// <param name="directory">Where the run has its files: as when the calls were counted.</param>
    /// <param name="expected">The results of a run that nothing happens to.</param>
    public SyscallRound(HandRun run, SyscallPoint point, string directory, CollectedResults expected)
    {
        _run = run;
        _point = point;
        _directory = directory;
        _expected = expected;
    }

    /// <summary>Runs it.</summary>
    /// <returns>
    /// What was wrong; empty where all is well, null where the call was not made. How many calls there are depends a
    /// little on time: which results have arrived is written from time to time.
    /// </returns>
    public string? Run()
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (TryRun() is { } problem)
                return problem;
        }

        return null;
    }

    private string? TryRun()
    {
        Scratch.Clear(_directory);
        var results = new CollectedResults();
        var said = "";
        var log = Scratch.LogOf(_directory);
        using var process = Strace.Start(
            _point.Options,
            log,
            ["hand", _run.Mode.ToString(), _directory],
            line =>
            {
                if (line.StartsWith('@'))
                    said = line;
                else
                    results.Add(line);
            });
        if (!process.WaitForEnd(Patience))
            return $"The process hangs; the last that it said is '{said}'.";
        var isHit = File.ReadLines(log).Any(line =>
            line.Contains("(INJECTED)", StringComparison.Ordinal)
            || line.Contains("killed by SIGKILL", StringComparison.Ordinal));
        if (!isHit)
            return null;
        if (EndProblem(process, said) is { } problem)
            return problem;
        try
        {
            _run.Run(_directory, results, _ => { });
        }
        catch (DurabilityException exception) when (WorkCommand.HasEndedBefore(exception))
        {
            // The process had come to the end.
        }
        catch (Exception exception) when (exception is StreamProcessorException or IOException)
        {
            return $"The process said '{said}', and the next one cannot go on: {exception.Message}";
        }

        var difference = results.Compare(_expected, hasOrder: true);
        return difference.Length == 0 ? "" : $"The process said '{said}', and then: {difference}";
    }

    private string? EndProblem(ChildProcess process, string said)
    {
        if (_point.Fault == SyscallPoint.Kill)
            return process.ExitCode == KilledCode ? null : $"The exit code is {process.ExitCode}.";
        return process.ExitCode is 0 or WorkCommand.FailedCode
            ? null
            : $"The process ended with {process.ExitCode}, after it had said '{said}': {process.Errors}";
    }
}
