using System.Globalization;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>Whether the gate would notice a stage that takes twice as long: each is slowed in its turn.</summary>
internal static class GateProof
{
    private const int Events = 2_000_000;
    private const int WarmUps = 2;
    private const int Runs = 5;

    /// <summary>Prints what each check sees of each slowed stage; each must be caught by one at least.</summary>
    public static void Run(Checklist checks)
    {
        var stages = Enum.GetValues<PipelineStage>();
        var caught = stages.ToDictionary(stage => stage, _ => new List<string>());
        void Note(PipelineStage slowed, string check, double share, string bound, double limit, bool isCaught)
        {
            if (isCaught)
                caught[slowed].Add(check);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{slowed,-12} {check,-34} {share:F2}, {bound} {limit:F2}: {(isCaught ? "caught" : "passes")}"));
        }

        foreach (var ((stage, most), share) in StageLimit.MeasureSlowed())
            Note(stage, $"W1 Inline, {stage}", share, "at most", most, share > most);
        foreach (var limit in RatioLimit.All.Where(limit => limit.Mode == ExecutionMode.Inline))
        {
            // What other ways of publishing cost comes before the stages.
            var work = Workload.Find(limit.Work)!;
            if (work.Publishing != Publishing.Batches)
                continue;
            foreach (var (stage, share) in MeasureSlowed(work, stages))
                Note(stage, $"{limit.Work} Inline", share, "at least", limit.AtLeast, share < limit.AtLeast);
        }

        foreach (var stage in stages)
        {
            var by = caught[stage];
            checks.Check(
                $"{stage} at twice its time is caught", by.Count > 0, by.Count > 0 ? string.Join("; ", by) : "by none");
        }
    }

    /// <summary>The rate of a workload as a share of its loop, by the stage that is slowed.</summary>
    private static IEnumerable<(PipelineStage Stage, double Share)> MeasureSlowed(
        Workload work, IReadOnlyList<PipelineStage> stages)
    {
        var input = work.Generate(Events);
        var loop = RatioLimit.NewLoop(work, input);
        Contestant[] slowed =
        [
            .. stages.Select(stage => new Contestant
            {
                Name = $"{stage}", Run = new StageRun(work, input) { Slowed = stage }.Run,
            }),
        ];
        Contestant.RunInTurns([loop, .. slowed], WarmUps, Runs);
        return stages.Zip(slowed, (stage, one) => (stage, one.BestMillionPerSecond / loop.BestMillionPerSecond));
    }
}
