using DisruptorStream.Crash.Workloads;

namespace DisruptorStream.Crash.Kills;

/// <summary>
/// One workload, whose process is killed at random moments and started again until it is through. All results that a
/// collector outside was handed must be those of a run that was never killed.
/// </summary>
internal static class KillRound
{
    /// <summary>Runs the round of a seed.</summary>
    /// <returns>What was wrong; empty where all is well.</returns>
    public static async Task<(string Problem, string Summary)> RunAsync(int seed)
    {
        var workload = new Workload(seed);
        var results = new CollectedResults();
        var directory = Directory.CreateTempSubdirectory("crash-kill-").FullName;
        var lives = new KilledLives(workload, directory, results);
        var problem = lives.Run() ?? await CompareAsync(workload, results);
        if (problem.Length == 0)
            Directory.Delete(directory, recursive: true);
        else
            problem += $" The directory is kept: {directory}.";
        return (problem, $"{workload}: {lives.Kills} kills, {results.Count} results");
    }

    private static async Task<string> CompareAsync(Workload workload, CollectedResults results)
    {
        var expected = new CollectedResults();
        await using (var whole = workload.Build(null, expected))
            await whole.RunAsync(workload with { EventsPerPause = int.MaxValue }, workload.Events, StopMode.Complete);
        return results.Compare(expected, hasOrder: !workload.Retires);
    }
}
