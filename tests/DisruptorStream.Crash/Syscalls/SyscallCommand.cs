using DisruptorStream.Crash.Processes;
using DisruptorStream.Crash.Workloads;
using DisruptorStream.Durability;

namespace DisruptorStream.Crash.Syscalls;

/// <summary>Counts the calls of the system of a run, and then spoils each of them in turn, in each way.</summary>
internal static class SyscallCommand
{
    // One in so many may come to another number in another run.
    private const int MostUntried = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="most">How many points of each run are tried, spread over all of them.</param>
    public static Tally Run(int most)
    {
        var tally = new Tally();
        if (!Strace.IsThere)
        {
            Console.WriteLine("skipped: there is no strace.");
            return tally;
        }

        foreach (var mode in Enum.GetValues<DurabilityMode>())
            Run(new HandRun(mode), most, tally);
        if (tally.Untried * MostUntried > tally.Passed)
            tally.Add("Calls", $"{tally.Untried} calls were not made again, and are not tried: too many.");
        return tally;
    }

    private static void Run(HandRun run, int most, Tally tally)
    {
        var directory = Scratch.New();
        var expected = new CollectedResults();
        run.Run(null, expected, _ => { });
        var count = Count(run, directory, expected);
        var points = count.Points;
        var chosen = points.Where((_, at) => (long)at * most / points.Count != (at + 1L) * most / points.Count);
        chosen = most >= points.Count ? points : chosen;
        var kinds = points.GroupBy(point => point.Name).Select(group => $"{group.Key} {group.Count()}");
        Console.WriteLine(
            $"{run.Mode}: {points.Count} points ({string.Join(", ", kinds)}), {expected.Count} results; "
            + $"{count.Unpicked} calls of the end cannot be picked");

        // Each worker has a directory of its own, so paths differ by it.
        Parallel.ForEach(
            chosen,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            Scratch.New,
            (point, _, own) =>
            {
                var moved = point.At(directory, own);
                var name = $"{run.Mode}, {point}";
                if (new SyscallRound(run, moved, own, expected).Run() is { } problem)
                    tally.Add(name, problem);
                else
                    tally.AddUntried(name);
                return own;
            },
            Scratch.Delete);
        Scratch.Delete(directory);
    }

    private static SyscallCount Count(HandRun run, string directory, CollectedResults expected)
    {
        var results = new CollectedResults();
        var log = Scratch.LogOf(directory);
        using var process = Strace.Start(
            SyscallCount.Options,
            log,
            ["hand", run.Mode.ToString(), directory],
            line =>
            {
                if (!line.StartsWith('@'))
                    results.Add(line);
            });
        if (!process.WaitForEnd(Patience) || process.ExitCode != 0)
            throw new InvalidOperationException($"The run that is counted failed: {process.Errors}");
        if (results.Compare(expected, hasOrder: true) is { Length: > 0 } problem)
            throw new InvalidOperationException($"The run that is counted is wrong: {problem}");
        return new SyscallCount(File.ReadLines(log), directory);
    }
}
