using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;
using DisruptorStream.LoadTests.Workloads;
using DisruptorStream.Pipeline.Durable;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>
/// What durability costs a processor that has none: no consumer, no thread, and no time beside a build that is older
/// than the journal.
/// </summary>
internal static class OffCheck
{
    private const int Pairs = 30;

    public static void Run(Checklist checks, string? before)
    {
        CheckParts(checks, ExecutionMode.Inline);
        CheckParts(checks, ExecutionMode.Fused);
        CheckParts(checks, ExecutionMode.Staged);
        if (before is null)
        {
            checks.Skip("off: time", "--before names no build to compare with");
            return;
        }

        var (older, own) = Build.PairOf(before, Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var run = new PairsRun { Before = older, After = own, Pairs = Pairs, Limit = 1, SkipsMissing = true };
        run.Check(checks, "W1", ExecutionMode.Inline);
        run.Check(checks, "W1", ExecutionMode.Fused);
    }

    private static void CheckParts(Checklist checks, ExecutionMode mode)
    {
        var load = new JournalLoad(1);
        var processor = load.Build(new DigestSink(Workload.Find("W1")!), durable: null, mode);
        var parts = processor.Parts;
        var isBare = parts.Durable is null
            && parts.RuntimeParts.Execution is not JournaledExecution
            && parts.RuntimeParts.OnEnd is null;
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        checks.Check($"off: {mode}", isBare, isBare ? "no journal, no consumer, no thread" : "parts of a journal");
    }
}
