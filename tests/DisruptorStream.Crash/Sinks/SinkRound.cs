using DisruptorStream.Crash.Kills;
using DisruptorStream.Crash.Workloads;

namespace DisruptorStream.Crash.Sinks;

/// <summary>
/// One workload with a durable sink, whose process is killed at random moments and started again until it is through.
/// The target must be that of a run that was never killed, row by row.
/// </summary>
internal static class SinkRound
{
    private const int MostShown = 3;

    /// <summary>Runs the round of a seed.</summary>
    /// <returns>What was wrong; empty where all is well.</returns>
    public static async Task<(string Problem, string Summary)> RunAsync(string kind, int seed)
    {
        var workload = Workload.ForSink(seed);
        var directory = Directory.CreateTempSubdirectory($"crash-{kind}-").FullName;
        var whole = Directory.CreateTempSubdirectory($"whole-{kind}-").FullName;
        var target = SinkTarget.Of(kind, directory);
        var lives = new KilledLives(workload, directory, new CollectedResults(), ["--sink", kind]);
        var problem = lives.Run();
        var rows = 0;
        if (problem is null)
        {
            var found = await target.ReadAsync();
            rows = found.Count;
            problem = Compare(found, await WholeAsync(workload, SinkTarget.Of(kind, whole)));
        }

        Directory.Delete(whole, recursive: true);
        if (problem.Length > 0)
            return ($"{problem} The directory is kept: {directory}.", $"{workload}: {lives.Kills} kills");
        Directory.Delete(directory, recursive: true);
        await target.DeleteAsync();
        return ("", $"{workload}: {lives.Kills} kills, {rows} rows");
    }

    private static async Task<List<string>> WholeAsync(Workload workload, SinkTarget target)
    {
        // Not durable: its sink is an ordinary one, which stores whatever it is given.
        await using (var running = workload.Build(null, new CollectedResults(), target))
        {
            await running.RunAsync(
                workload with { EventsPerPause = int.MaxValue }, workload.Events, StopMode.Complete);
        }

        var rows = await target.ReadAsync();
        await target.DeleteAsync();
        return [.. rows.OrderBy(NumberOf)];
    }

    private static string Compare(List<string> found, List<string> expected)
    {
        var problems = new List<string>();
        if (found.Count != expected.Count)
            problems.Add($"There are {found.Count} rows, and there should be {expected.Count}.");
        for (var row = 0; row < Math.Min(found.Count, expected.Count) && problems.Count < MostShown; row++)
        {
            if (found[row] != expected[row])
                problems.Add($"Row {row + 1} is '{found[row]}' in place of '{expected[row]}'.");
        }

        return string.Join(" ", problems);
    }

    private static long NumberOf(string row) =>
        long.Parse(row.AsSpan(0, row.IndexOf(' ')), System.Globalization.CultureInfo.InvariantCulture);
}
