using System.Globalization;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Contention;

/// <summary>
/// More threads than processors, a quota of CPU time, and one processor, each beside the same load with all of the
/// machine.
/// </summary>
internal static class LoadCases
{
    /// <param name="checks">Where it is noted.</param>
    /// <param name="factor">How many times slower than its share of the processors a load may be.</param>
    public static void Check(Checklist checks, double factor)
    {
        var machine = Environment.ProcessorCount;
        foreach (var mode in new[] { ExecutionMode.Fused, ExecutionMode.Staged })
        {
            // The publisher, and the worker or one thread for each stage.
            var threads = mode == ExecutionMode.Fused ? 2 : 4;
            var busy = Math.Min(machine, threads);
            var alone = LoadChild.Run(mode, processors: 1);
            checks.Check($"{mode}, every event accounted for", alone.Unaccounted == 0, $"{alone.Unaccounted} are not");

            void Compare(string name, LoadOutcome outcome, double processors, int budget)
            {
                var share = Math.Min(1, processors / busy);
                var least = alone.MillionPerSecond * share / factor;
                checks.Check(
                    $"{mode}, {name}",
                    outcome.MillionPerSecond >= least && outcome.Unaccounted == 0,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{outcome.MillionPerSecond:F1} M/s, alone {alone.MillionPerSecond:F1}, share {share:F2}, "
                        + $"at least {least:F1}; {outcome.Unaccounted} events not accounted for"));
                checks.Check(
                    $"{mode}, {name}, the engine's count of processors",
                    outcome.Budget == Math.Min(machine, budget),
                    $"{outcome.Budget}");
            }

            var hosted = 2 * machine;
            Compare(
                $"{hosted} stream processors, {hosted * threads} threads on {machine} processors",
                LoadChild.Run(mode, hosted),
                machine,
                machine);
            foreach (var quota in new[] { 1, 0.5 })
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"quota of {quota} processors");
                using var group = QuotaGroup.TryCreate(quota, out var why);
                if (group is null)
                    checks.Skip($"{mode}, {name}", why);
                else
                    Compare(name, LoadChild.Run(mode, 1, group), quota, budget: 1);
            }

            if (OperatingSystem.IsLinux())
                Compare("on one processor", LoadChild.Run(mode, 1, onOneProcessor: true), 1, budget: 1);
            else
                checks.Skip($"{mode}, on one processor", "affinity is set on Linux only");
        }
    }
}
