using DisruptorStream.Crash.Kills;
using DisruptorStream.Crash.Workloads;

namespace DisruptorStream.Crash.Sources;

/// <summary>
/// A process reads a file that grows and is rotated, is killed at random moments and started again, until it has read
/// all: the results must be those of one run.
/// </summary>
internal static class SourceRound
{
    /// <summary>The kind of source that there is.</summary>
    public const string File = "file";

    /// <summary>Runs the round of a seed.</summary>
    /// <returns>What was wrong; empty where all is well.</returns>
    public static async Task<(string Problem, string Summary)> RunAsync(int seed)
    {
        var workload = SourceWorkload.Of(seed);
        var directory = Directory.CreateTempSubdirectory("crash-source-").FullName;
        var file = new GrowingFile(workload, directory);
        var writing = Task.Factory.StartNew(
            file.Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var results = new CollectedResults();
        var lives = new KilledLives(workload, directory, results, ["--source", File]);
        var problem = lives.Run();
        await writing;
        if (problem is null)
        {
            var expected = new CollectedResults();
            await SourceWorkload.WholeAsync(workload, expected);
            problem = results.Compare(expected, hasOrder: true);
        }

        if (problem.Length == 0)
            Directory.Delete(directory, recursive: true);
        else
            problem += $" The directory is kept: {directory}.";
        var kind = SourceWorkload.KeepsOrder(workload) ? "the order" : "the events";
        return (
            problem,
            $"{workload}, journal of {kind}: {lives.Kills} kills, {file.Rotations} rotations, {results.Count} results");
    }
}
