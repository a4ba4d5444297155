using System.Globalization;
using DisruptorStream.LoadTests.Commands;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Pairs;

/// <summary>Checks <c>pairs</c> itself: statistics, verdicts, options, and both ways to run a build.</summary>
internal static class PairsSelfCheck
{
    private const int SmallEvents = 100_000;

    public static int Run()
    {
        var checks = new Checklist();
        CheckIntervals(checks);
        CheckCoverage(checks);
        CheckVerdicts(checks);
        CheckTurns(checks);
        CheckResults(checks);
        CheckMissing(checks);
        CheckOptions(checks);
        CheckBuilds(checks);
        return checks.Conclude();
    }

    /// <summary>The ranks of the published tables.</summary>
    private static void CheckIntervals(Checklist checks)
    {
        (int Count, int Rank)[] table =
        [
            (6, 1), (8, 1), (9, 2), (10, 2), (15, 4), (20, 6), (25, 8), (30, 10), (50, 18), (100, 40), (1000, 469),
        ];
        foreach (var (count, rank) in table)
            Same(checks, $"rank of the bounds of {count} values", MedianInterval.RankOf(count), rank);
        double[] values = [7, 3, 10, 1, 5, 9, 2, 8, 6, 4];
        Same(checks, "1 to 10 in any order", MedianInterval.Of(values), new MedianInterval(5.5, 2, 9));
        Same(checks, "the middle of an odd number", MedianInterval.MedianOf([9, 1, 4]), 4.0);
        foreach (var count in new[] { MedianInterval.FewestValues - 1, MedianInterval.MostValues + 1 })
        {
            try
            {
                checks.Check($"{count} values", false, $"rank {MedianInterval.RankOf(count)}, not refused");
            }
            catch (ArgumentOutOfRangeException)
            {
                checks.Check($"{count} values", true, "refused");
            }
        }
    }

    /// <summary>How often the bounds of 30 drawn values hold the median that they were drawn from.</summary>
    private static void CheckCoverage(Checklist checks)
    {
        const int Samples = 20_000;
        var numbers = new XorShift();
        var held = 0;
        var values = new double[30];
        for (var sample = 0; sample < Samples; sample++)
        {
            // Exponential, far from symmetric: its median is ln 2.
            foreach (ref var value in values.AsSpan())
                value = -Math.Log(((numbers.Next() >> 11) + 0.5) / (1L << 53));
            var interval = MedianInterval.Of(values);
            if (interval.Low <= Math.Log(2) && Math.Log(2) <= interval.High)
                held++;
        }

        // Exactly 95.72 %; the samples are the same each time, and off by two standard errors at most.
        var share = (double)held / Samples;
        checks.Check(
            "bounds hold the median",
            Math.Abs(share - 0.9572) < 0.003,
            string.Create(CultureInfo.InvariantCulture, $"in {share:P2} of {Samples:N0} samples, 95.72 % in theory"));
    }

    private static void CheckVerdicts(Checklist checks)
    {
        PairVerdict Of(params double[] ratios) => Compare(ratios).VerdictAt(1.05);
        Same(checks, "all the same", Of(1, 1, 1, 1, 1, 1), PairVerdict.Within);
        Same(checks, "at the limit", Of(1.05, 1.05, 1.05, 1.05, 1.05, 1.05), PairVerdict.Within);
        Same(checks, "all beyond", Of(1.06, 1.07, 1.08, 1.09, 1.1, 1.11), PairVerdict.Slower);
        Same(checks, "one of six within", Of(1.04, 1.07, 1.08, 1.09, 1.1, 1.11), PairVerdict.Unclear);
        Same(checks, "one of nine within", Of(0.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1), PairVerdict.Slower);
        Same(checks, "one of nine beyond", Of(9, 1, 1, 1, 1, 1, 1, 1, 1), PairVerdict.Within);
        Same(checks, "all below", Of(0.9, 0.91, 0.92, 0.93, 0.94, 0.95), PairVerdict.Faster);
        Same(checks, "above 1, not beyond", Of(1.01, 1.01, 1.02, 1.02, 1.03, 1.04), PairVerdict.Within);
        int FailsOf(params double[] ratios) => Count(list => Compare(ratios).CheckTime(list, "any", 1.05));
        Same(checks, "slower fails", FailsOf(1.2, 1.2, 1.2, 1.2, 1.2, 1.2), 1);
        Same(checks, "unclear passes", FailsOf(1, 1.2, 1.2, 1.2, 1.2, 1.2), 0);
    }

    private static void CheckTurns(Checklist checks)
    {
        var order = "";
        PairRun Note(string name, double seconds)
        {
            order += name;
            return RunOf(seconds);
        }

        var comparison = PairComparison.Measure(() => Note("A", 1), () => Note("B", 2), warmUps: 1, pairs: 6);
        Same(checks, "who begins changes", order, "BA" + "ABBAABBAABBA");
        Same(checks, "whose time is whose", comparison.Ratio, new MedianInterval(2, 2, 2));
        order = "";
        NotedBuild BuildOf(string name) => new(() =>
        {
            order += name;
            return () => Note(name.ToLowerInvariant(), 1);
        });
        PairComparison.Measure(BuildOf("A"), BuildOf("B"), "W1", ExecutionMode.Inline, 1, pairs: 6);
        Same(checks, "who is loaded first changes", order, "AB" + "abbaab" + "BA" + "baabba");
        var cold = new Queue<double>([9, 9, 1, 1, 1, 1, 1, 1]);
        var warm = PairComparison.Measure(() => RunOf(1), () => RunOf(cold.Dequeue()), warmUps: 2, pairs: 6);
        Same(checks, "warming up does not count", warm.Ratio.High, 1.0);
    }

    private static void CheckResults(Checklist checks)
    {
        int Fails(PairRun after, Func<bool>? promise) => Count(list =>
            PairComparison.Measure(() => RunOf(1), () => after, 0, 6).CheckResults(list, "results", promise));
        var same = RunOf(1);
        Same(checks, "the same results pass", Fails(same, null), 0);
        Same(checks, "another digest fails", Fails(same with { Digest = 8 }, null), 1);
        Same(checks, "another number of results fails", Fails(same with { Results = 4 }, () => true), 1);
        Same(checks, "near results within their promise pass", Fails(same with { Digest = 8 }, () => true), 0);
        Same(checks, "near results outside of it fail", Fails(same with { Digest = 8 }, () => false), 1);
    }

    private static void CheckMissing(Checklist checks)
    {
        int FailsOf(Func<Func<PairRun>?> prepare, bool skips) => Count(list => new PairsRun
        {
            Before = new NotedBuild(prepare),
            After = new NotedBuild(() => () => RunOf(1)),
            Pairs = 6,
            Limit = 1.05,
            SkipsMissing = skips,
        }.Check(list, "W1", ExecutionMode.Inline));
        Same(checks, "a workload that is missing is skipped", FailsOf(() => null, skips: true), 0);
        Same(checks, "a named workload that is missing fails", FailsOf(() => null, skips: false), 1);
        Same(checks, "a run that takes too long fails", FailsOf(() => throw new TimeoutException(), skips: true), 1);
    }

    private static void CheckOptions(Checklist checks)
    {
        void Refuses(string options, string message)
        {
            var errors = PairsCommand.Create().Parse(options).Errors.Select(error => error.Message).ToArray();
            checks.Check(
                $"'{options}' is refused",
                errors.Length == 1 && errors[0].Contains(message, StringComparison.Ordinal),
                errors.Length == 0 ? "it is not" : string.Join(" | ", errors));
        }

        var self = $"--before \"{AppContext.BaseDirectory.TrimEnd('/', '\\')}\"";
        Refuses("", "--before is missing");
        Refuses("--before no-such-folder", "there is no DisruptorStream.LoadTests.dll in 'no-such-folder'");
        Refuses($"{self} --work W1,W99", "There is no workload 'W99'");
        Refuses($"{self} --work W1,", "There is no workload ''");
        Refuses($"{self} --mode inline,quick", "There is no execution mode 'quick'");
        Refuses($"{self} --mode 1", "There is no execution mode '1'");
        Refuses($"{self} --pairs 5", "--pairs takes a number from 6");
        Refuses($"{self} --pairs 1001", "to 1000; it was '1001'");
        Refuses($"{self} --pairs many", "to 1000; it was 'many'");
        Refuses("--before", "--before");
        Refuses("--self-check=maybe", "maybe");
        Refuses($"{self} --pairs", "--pairs");
        Refuses($"{self} --work", "--work");
        Refuses($"{self} --events 0", "--events takes numbers from 1");
        Refuses($"{self} --limit 0.9", "--limit takes a number from 1");
        Refuses($"{self} --limit NaN", "--limit takes a number from 1");
        var parsed = PairsCommand.Create().Parse($"{self} --work w1,W2 ysb --mode fused,INLINE");
        Same(checks, "names in any case, by commas and blanks", parsed.Errors.Count, 0);
        Same(
            checks,
            "their order",
            string.Join(' ', parsed.GetValue<string[]>("--work")!) + " "
            + string.Join(' ', parsed.GetValue<ExecutionMode[]>("--mode")!),
            "W1 W2 YSB Fused Inline");
    }

    /// <summary>Both ways to run a build, with this build as the other.</summary>
    private static void CheckBuilds(Checklist checks)
    {
        var folder = AppContext.BaseDirectory;
        var work = Workload.Find("W1")!;
        var lap = new EngineRun(work, work.Generate(SmallEvents), ExecutionMode.Inline).Run();
        var expected = (lap.Results, lap.Digest);
        Same(checks, "this build has an entry", LoadedBuild.HasEntry(folder), true);
        foreach (var build in new Build[] { new LoadedBuild(folder), new ChildBuild(folder) })
        {
            var way = build.GetType().Name;
            var run = build.Prepare("W1", ExecutionMode.Inline, SmallEvents)!();
            Same(checks, $"{way}, results", run.Outcome, expected);
            Same(checks, $"{way}, events", run.Events, SmallEvents);
            checks.Check($"{way}, time", run.Seconds is > 0 and < 60, $"{run.Seconds:G3} s");
            Same(checks, $"{way}, unknown workload", build.Prepare("W99", ExecutionMode.Inline, 1) is null, true);
        }

        var query = new LoadedBuild(folder).Prepare("q7", ExecutionMode.Fused, SmallEvents)!();
        Same(checks, "a query has results", query.Results > 0, true);
    }

    private static PairComparison Compare(params double[] ratios)
    {
        var after = new Queue<double>(ratios);
        return PairComparison.Measure(() => RunOf(1), () => RunOf(after.Dequeue()), warmUps: 0, ratios.Length);
    }

    private static PairRun RunOf(double seconds) => new(seconds, 10, 3, 7, 0);

    /// <summary>How many of the checks on a list of its own fail, without a word.</summary>
    private static int Count(Action<Checklist> check)
    {
        var list = new Checklist { IsSilent = true };
        check(list);
        return list.Failed;
    }

    private static void Same<T>(Checklist checks, string name, T found, T expected) => checks.Check(
        name,
        EqualityComparer<T>.Default.Equals(found, expected),
        string.Create(CultureInfo.InvariantCulture, $"{found}, expected {expected}"));

    /// <summary>Loaded twice, and not warmed up.</summary>
    private sealed class NotedBuild : Build
    {
        private readonly Func<Func<PairRun>?> _prepare;

        public NotedBuild(Func<Func<PairRun>?> prepare) => _prepare = prepare;

        public override int Loadings => 2;

        public override int WarmUps => 0;

        public override Func<PairRun>? Prepare(string work, ExecutionMode mode, int events) => _prepare();
    }
}
