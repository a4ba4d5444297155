using System.Diagnostics;
using System.Globalization;
using DisruptorStream.ClusterCrash.Servers;

namespace DisruptorStream.ClusterCrash.Rounds;

/// <summary>Runs rounds one after the other, on one server.</summary>
internal static class RoundCommand
{
    /// <returns>How many checks passed, and how many failed.</returns>
    public static async Task<(int Passed, int Failed)> RunAsync(RoundPlan plan)
    {
        var (passed, failed) = (0, 0);
        await using var server = await LogServer.StartAsync(plan.Kind);
        for (var number = 0; number < plan.Rounds; number++)
        {
            foreach (var way in plan.Ways)
            {
                var name = string.Create(
                    CultureInfo.InvariantCulture, $"{plan.Kind}, {FaultNames.NameOf(way)}, seed {plan.Seed + number}");
                if (way == Fault.CutNetwork && !Environment.IsPrivilegedProcess)
                {
                    Console.WriteLine($"skipped: {name}: to cut a network needs root");
                    continue;
                }

                var watch = Stopwatch.StartNew();
                using var round = new Round(server, way, plan.Seed + number, plan);
                var problem = await round.RunAsync();
                if (problem.Length == 0)
                    passed++;
                else
                    failed++;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}: {(problem.Length == 0 ? "right" : $"WRONG: {problem}")}; {round.Summary}, "
                    + $"{watch.Elapsed.TotalSeconds:0.0} s"));
            }
        }

        return (passed, failed);
    }
}
