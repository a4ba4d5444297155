using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Contention;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>What is left when others take the processors away, and what an idle engine takes.</summary>
internal static class ContentionCommand
{
    private const int Events = 5_000_000;
    private const int Runs = 5;
    private const int Attempts = 4;
    private const double LargestFactor = 2;

    public static Command Create()
    {
        var command = new Command(
            "contention",
            "Throughput beside busy neighbours, with too many threads, under a quota and on one processor; an idle "
            + "engine's cost.");
        command.SetAction(async (_, _) =>
        {
            var checks = new Checklist();
            Neighbours(checks, LargestFactor);
            LoadCases.Check(checks, LargestFactor);
            await IdleEngine.CheckAsync(checks);
            return checks.Conclude();
        });
        return command;
    }

    /// <summary>
    /// The engine and its publisher are two threads. The scheduler gives each runnable thread the same share, so that
    /// is what the rate is compared with.
    /// </summary>
    /// <param name="checks">Where it is noted.</param>
    /// <param name="factor">How many times slower than its share it may be.</param>
    public static void Neighbours(Checklist checks, double factor)
    {
        var processors = Environment.ProcessorCount;
        var work = Workload.Find("W1")!;
        var run = new EngineRun(work, work.Generate(Events), ExecutionMode.Fused);
        foreach (var neighbours in new[] { processors - 1, processors, 2 * processors }.Distinct())
        {
            var share = Math.Min(1, (double)processors / (neighbours + 2));
            var (alone, rate, least) = (0d, 0d, double.MaxValue);

            // Others may have the machine for some seconds; what collapses does so each time.
            for (var attempt = 0; attempt < Attempts && rate < least; attempt++)
            {
                alone = MedianRate(run, 0);
                rate = MedianRate(run, neighbours);
                least = alone * share / factor;
            }

            checks.Check(
                $"{neighbours} busy neighbour(s) on {processors} processors",
                rate >= least,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rate:F0} M/s, alone {alone:F0}, share {share:F2}, at least {least:F0}"));
        }
    }

    private static double MedianRate(EngineRun run, int neighbours)
    {
        var stop = false;
        var threads = new Thread[neighbours];
        for (var index = 0; index < neighbours; index++)
        {
            threads[index] = new Thread(() =>
            {
                while (!Volatile.Read(ref stop))
                    Thread.SpinWait(100);
            });
            threads[index].Start();
        }

        var contestant = new Contestant { Name = "fused", Run = run.Run };
        Contestant.RunInTurns([contestant], warmUps: 2, Runs);
        Volatile.Write(ref stop, true);
        foreach (var thread in threads)
            thread.Join();
        return contestant.MedianMillionPerSecond;
    }
}
