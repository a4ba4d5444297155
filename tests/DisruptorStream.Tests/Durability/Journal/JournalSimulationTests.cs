using DisruptorStream.Simulation.Disks;

namespace DisruptorStream.Tests.Durability.Journal;

/// <summary>Crashes before, in and after each call of a disk that loses and tears as a bad machine would.</summary>
public sealed class JournalSimulationTests
{
    private const string Steps = "ob3rw9r9wsp9wm9w9scm2ew9wsoobr9wsw9r9w9scs";

    private const string Later = "obr9pw9ws9r9w9s9ew9wso";

    [Fact]
    public void Append_PowerGoesAtEachCall_AllThatWasDurableIsThere() => CrashEverywhere(isPowerCut: true);

    [Fact]
    public void Append_ProcessEndsAtEachCall_AllThatWasWrittenIsThere() => CrashEverywhere(isPowerCut: false);

    private static void CrashEverywhere(bool isPowerCut)
    {
        var whole = new SimulatedDisk();
        new JournalScenario(whole, JournalBench.Options()).Run(Steps);
        Assert.True(whole.Operations > 100, $"Only {whole.Operations} calls.");
        for (var call = 1L; call <= whole.Operations; call++)
        {
            foreach (var moment in Enum.GetValues<CrashMoment>())
            {
                try
                {
                    CrashAt(call, moment, isPowerCut);
                }
                catch (Exception error)
                {
                    throw new InvalidOperationException($"Call {call}, {moment}: {error.Message}", error);
                }
            }
        }
    }

    private static void CrashAt(long call, CrashMoment moment, bool isPowerCut)
    {
        var disk = new SimulatedDisk((int)call);
        var scenario = new JournalScenario(disk, JournalBench.Options());
        disk.CrashAt(call, moment);
        try
        {
            scenario.Run(Steps);
        }
        catch (SimulatedCrashException)
        {
        }

        if (isPowerCut)
        {
            disk.Crash();
            scenario.Check(disk, scenario.DurableThrough, scenario.OthersDurable);
        }
        else
        {
            disk.CrashProcess();
            scenario.Check(disk, scenario.WrittenThrough, scenario.OthersWritten);
        }

        new JournalScenario(disk, JournalBench.Options()).Run(Later);
    }
}
