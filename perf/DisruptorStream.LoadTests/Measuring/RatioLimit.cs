using System.Globalization;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>
/// How fast the engine must be, as a share of a hand-written loop that does the same work in the same run.
/// </summary>
/// <remarks>
/// The loop reads its events through slots, as the engine does: what a neighbour takes of the memory's bandwidth and of
/// the caches, it takes from both. (Inline, batches of the engine need no slots: that is to spare.) Each is taken at
/// its best of many short rounds, in which nobody disturbed it; a measurement that fails is made once more, and the
/// better one counts. Each limit is below the lowest that was measured on a busy machine, Fused by half: its share goes
/// with how far the cores are.
/// </remarks>
internal sealed record RatioLimit(string Work, ExecutionMode Mode, double AtLeast)
{
    private const int Events = 2_000_000;
    private const int WarmUps = 4;
    private const int Runs = 11;

    public static IReadOnlyList<RatioLimit> All { get; } =
    [
        new("W1", ExecutionMode.Inline, 0.65),
        new("W1", ExecutionMode.Fused, 0.25),
        new("W2", ExecutionMode.Inline, 0.65),
        new("W3", ExecutionMode.Inline, 0.4),
        new("W4", ExecutionMode.Inline, 0.45),
        new("W5", ExecutionMode.Inline, 1.1),
        new("W6", ExecutionMode.Inline, 0.3),
        new("W1-claim", ExecutionMode.Inline, 0.25),
        new("W1-typed", ExecutionMode.Inline, 0.17),
        new("W1-typed-text", ExecutionMode.Inline, 0.045),
    ];

    /// <summary>The loop behind slots.</summary>
    public static Contestant NewLoop(Workload work, InputEvent[] input)
    {
        var tightest = LimitRun.Of(work)[work.Name == "W6" ? 1 : 0].New;
        return new Contestant
        {
            Name = "loop",
            Run = () => LimitRun.Run(() => new SlotsLimit(tightest()), input),
            IsLimit = true,
        };
    }

    public void Check(Checklist checks)
    {
        var work = Workload.Find(Work)!;
        var input = work.Generate(Events);
        var (loop, engine) = Measure(work, input);
        var share = Share(loop, engine);
        if (share < AtLeast)
        {
            (loop, engine) = Measure(work, input);
            share = Math.Max(share, Share(loop, engine));
        }

        checks.Check(
            $"{Work} {Mode}, share of the loop behind slots",
            share >= AtLeast,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{share:F3}, at least {AtLeast:F3}; {engine.BestMillionPerSecond:F0} of "
                + $"{loop.BestMillionPerSecond:F0} M/s"));
        var expected = loop.Laps[0];
        var agree = engine.Laps.All(lap => lap.Results == expected.Results
            && (work.IsApproximate || lap.Digest == expected.Digest));
        if (work.IsApproximate)
            agree &= PercentileCheck.Run(work, input) == (expected.Results, 0);
        checks.Check($"{Work} {Mode}, results agree", agree, agree ? "all" : "they differ");
    }

    private static double Share(Contestant loop, Contestant engine) =>
        engine.BestMillionPerSecond / loop.BestMillionPerSecond;

    private (Contestant Loop, Contestant Engine) Measure(Workload work, InputEvent[] input)
    {
        var loop = NewLoop(work, input);
        var run = new EngineRun(work, input, Mode);
        var engine = new Contestant { Name = Mode.ToString(), Run = run.Run };
        Contestant.RunInTurns([loop, engine], WarmUps, Runs);
        return (loop, engine);
    }
}
