using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Writing;

namespace DisruptorStream.Tests.Durability.Journal;

/// <summary>A disk that says no.</summary>
public sealed class JournalFailureTests
{
    private const string Steps = "ob3rw9r5wsp9r9wm9w9p9wsc8rw3s9r9r9w9wsc9p9w9scm2w9wsr7w9psw9ws9wrspw";

    /// <summary>Each call fails once: every later one throws the same, until the journal is reseated.</summary>
    [Fact]
    public void Append_EachCallFailsOnce_AllIsThereAfterReseat()
    {
        var disk = new MemoryFiles();
        var whole = new JournalScenario(disk, JournalBench.Options());
        whole.Run(Steps);
        var failures = 0;
        for (var call = 1; call <= disk.Calls; call++)
        {
            foreach (var message in (string[])["Input/output error", "No space left on device"])
            {
                var files = new MemoryFiles();
                var scenario = new JournalScenario(files, JournalBench.Options(), reseats: true);
                files.OnCall = (number, _) => number == call ? new IOException(message) : null;
                scenario.Run(Steps);
                failures += scenario.Failures;
                scenario.Run("o9wpwso");
                scenario.Check(files, scenario.DurableThrough, 0);
                scenario.Check(files.CutPower(new Random(call)), scenario.DurableThrough, 0);
                Assert.Equal(whole.DurableThrough + 9, scenario.DurableThrough);
            }
        }

        Assert.True(failures > 50, $"Only {failures} failures.");
    }

    /// <summary>What a failed sync lost is written again, and what was behind it never comes back.</summary>
    [Fact]
    public void Reseat_PowerGoesAtAnyLaterCall_NothingDurableIsLost()
    {
        for (var call = 0; call < 40; call++)
        {
            var files = new MemoryFiles();
            var scenario = new JournalScenario(files, JournalBench.Options(), reseats: true);
            scenario.Run("ob9wrs9w9wr9w");
            var from = files.Calls;
            files.OnCall = (number, _) => number == from + 1
                ? new IOException("Input/output error")
                : number == from + 2 + call ? new CrashException() : null;
            try
            {
                scenario.Run("s9w9wsr9wpse9w");
            }
            catch (CrashException)
            {
            }

            files.OnCall = null;
            var after = files.CutPower(new Random(call));
            scenario.Check(after, scenario.DurableThrough, scenario.OthersDurable);
            var next = new JournalScenario(after, JournalBench.Options());
            next.Run("o9wp9ws9wso");
        }
    }

    [Fact]
    public void Step_DiskIsFull_ShowsBeforeItHurts()
    {
        var files = new MemoryFiles();
        using var writer = JournalBench.NewWriter(files);
        files.OnCall = (_, what) => what == "create" ? new IOException("No space left on device") : null;
        Assert.False(writer.Maker.Step());
        Assert.Contains("No space", writer.SpareFailure!.Message, StringComparison.Ordinal);
        writer.AppendSlots(5);
        writer.Write();
        var failure = Assert.Throws<JournalException>(() => writer.AppendSlots(200));
        Assert.Contains("No space", failure.Message, StringComparison.Ordinal);
        Assert.Same(failure, writer.Failure);
        files.OnCall = null;
        Assert.Equal(0, writer.Reseat());
        writer.AppendSlots(100);
        writer.Write();
        writer.Sync();
        Assert.True(writer.Maker.Step());
        Assert.Null(writer.SpareFailure);
        Assert.Equal(99, writer.DurableThrough);
    }

    [Fact]
    public void Reseat_NothingIsKept_SaysWhatToSet()
    {
        using var writer = JournalBench.NewWriter(
            new MemoryFiles(), JournalBench.Options() with { CanReseat = false });
        Assert.Contains(
            "CanReseat",
            Assert.Throws<InvalidOperationException>(() => writer.Reseat()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAnotherStream_IsRefused()
    {
        var files = new MemoryFiles();
        JournalBench.NewWriter(files).Dispose();
        var contents = JournalContents.Open(files, JournalBench.Directory);
        Assert.Throws<ArgumentException>(() => new JournalWriter(
            files, contents, JournalBench.Identity() with { StreamId = 9 }, 0, JournalBench.Options()));
    }

    private sealed class CrashException : Exception;
}
