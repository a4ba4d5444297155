namespace DisruptorStream.Tests.Durability.Journal;

/// <summary>A process ends, or the power goes, at each call of the file system in turn.</summary>
public sealed class JournalCrashTests
{
    private const string Steps =
        "ob3rw9r5wsp9r9wm9w9p9wsc8rw3s9r9r9w9wsc9p9w9scm2ew9wsoobr7w9psw9ws9w9scb9ewosw";

    private const string Later = "obr9pw9ws9r9w9s9ew9wso";

    [Fact]
    public void Append_ProcessEndsAtEachCall_AllThatWasWrittenIsThere() => CrashEverywhere(1, (scenario, files, _) =>
    {
        scenario.Check(files, scenario.WrittenThrough, scenario.OthersWritten);
        return files;
    });

    [Fact]
    public void Append_PowerGoesAtEachCall_AllThatWasDurableIsThere() =>
        CrashEverywhere(6, (scenario, files, random) =>
        {
            var after = files.CutPower(random);
            scenario.Check(after, scenario.DurableThrough, scenario.OthersDurable);
            return after;
        });

    private static void CrashEverywhere(int times, Func<JournalScenario, MemoryFiles, Random, MemoryFiles> crash)
    {
        var disk = new MemoryFiles();
        var whole = new JournalScenario(disk, JournalBench.Options());
        whole.Run(Steps);
        var calls = disk.Calls;
        Assert.True(calls > 80, $"Only {calls} calls.");
        for (var call = 1; call <= calls + 1; call++)
        {
            for (var seed = 0; seed < times; seed++)
            {
                try
                {
                    CrashAt(call, seed, crash);
                }
                catch (Exception error)
                {
                    throw new InvalidOperationException($"Call {call}, seed {seed}: {error.Message}", error);
                }
            }
        }
    }

    private static void CrashAt(int call, int seed, Func<JournalScenario, MemoryFiles, Random, MemoryFiles> crash)
    {
        var files = new MemoryFiles();
        var scenario = new JournalScenario(files, JournalBench.Options());
        files.OnCall = (number, _) => number == call ? new CrashException() : null;
        try
        {
            scenario.Run(Steps);
        }
        catch (CrashException)
        {
        }

        files.OnCall = null;
        var random = new Random(seed);
        var after = crash(scenario, files, random);

        // The next process goes on, and crashes in its turn.
        var next = new JournalScenario(after, JournalBench.Options());
        var laterCall = random.Next(1, 120);
        after.OnCall = (number, _) => number == laterCall ? new CrashException() : null;
        try
        {
            next.Run(Later);
        }
        catch (CrashException)
        {
        }

        after.OnCall = null;
        var last = after.CutPower(random);
        var third = new JournalScenario(last, JournalBench.Options());
        third.Run("o");
        Assert.True(third.DurableThrough >= next.DurableThrough);
        third.Run(Later);
    }

    private sealed class CrashException : Exception;
}
