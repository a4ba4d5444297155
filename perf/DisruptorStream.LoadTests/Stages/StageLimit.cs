using System.Globalization;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>
/// How long a stage may take for each event of W1, as a share of the time of a hand-written loop for its work.
/// </summary>
/// <remarks>
/// A stage that takes a tenth of an event's time may take twice as long before any ratio of whole runs shows it. Stage
/// and loop are each taken at their least of many short rounds; a measurement in which a limit is passed is made once
/// more, and the lesser counts. On a busy machine the shares were 0.96 to 1.59 for ingest, 1.15 to 2.00 for assignment,
/// 0.99 to 1.48 for aggregation and 8.2 to 11.8 for emission: each limit lies above, and below what a stage that works
/// twice takes.
/// </remarks>
internal sealed record StageLimit(PipelineStage Stage, double AtMost)
{
    private const int Events = 2_000_000;
    private const int WarmUps = 4;
    private const int Runs = 25;

    public static IReadOnlyList<StageLimit> All { get; } =
    [
        new(PipelineStage.Ingest, 1.8),
        new(PipelineStage.Assignment, 2.4),
        new(PipelineStage.Aggregation, 1.75),
        new(PipelineStage.Emission, 13),
    ];

    /// <summary>W1 with a tenth of the events in a window, so that its results matter.</summary>
    private static Workload Work => Workload.Find("W1")! with { PerMillisecond = 100 };

    public static void Check(Checklist checks)
    {
        var work = Work;
        var input = work.Generate(Events);
        var (loop, engine) = (new StageLoop(work, input), new StageRun(work, input) { SumsUp = true });
        var laps = RunInTurns(loop.Run, engine.Run);
        if (All.Any(limit => limit.ShareOf(engine, loop) > limit.AtMost))
            laps = [.. laps, .. RunInTurns(loop.Run, engine.Run)];
        foreach (var limit in All)
        {
            var share = limit.ShareOf(engine, loop);
            checks.Check(
                $"W1 Inline, {limit.Stage}, time of a loop for it",
                share <= limit.AtMost,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{share:F2}, at most {limit.AtMost:F2}; {engine.Times.NanosecondsOf(limit.Stage):F2} of "
                    + $"{loop.Times.NanosecondsOf(limit.Stage):F2} ns for each event"));
        }

        var agree = laps.All(lap => lap.Digest == laps[0].Digest && lap.Results == laps[0].Results);
        checks.Check("W1 Inline, stage by stage, results agree", agree, agree ? "all" : "they differ");
    }

    /// <summary>What each stage takes when it is slowed.</summary>
    public static IReadOnlyList<(StageLimit Limit, double Share)> MeasureSlowed()
    {
        var work = Work;
        var input = work.Generate(Events);
        var loop = new StageLoop(work, input);
        var slowed = All.Select(limit => new StageRun(work, input) { SumsUp = true, Slowed = limit.Stage })
            .ToArray();

        // The gate measures once more as well before it fails.
        for (var measurement = 0; measurement < 2; measurement++)
            RunInTurns([loop.Run, .. slowed.Select(run => (Func<Lap>)run.Run)]);
        return [.. All.Zip(slowed, (limit, run) => (limit, limit.ShareOf(run, loop)))];
    }

    private static IReadOnlyList<Lap> RunInTurns(params IReadOnlyList<Func<Lap>> runs)
    {
        Contestant[] contestants = [.. runs.Select(run => new Contestant { Name = "one", Run = run })];
        Contestant.RunInTurns(contestants, WarmUps, Runs);
        return [.. contestants.SelectMany(one => one.Laps)];
    }

    private double ShareOf(StageRun engine, StageLoop loop) =>
        engine.Times.NanosecondsOf(Stage) / loop.Times.NanosecondsOf(Stage);
}
