using System.Globalization;
using DisruptorStream.LoadTests.Commands;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>
/// How fast the engine must be, as a share of the best loop that does the same work in the same run. Ratios hold on any
/// machine, so that a slow or busy one does not matter. Each limit is a fifth or more below what was measured; a
/// measurement that fails is made once more.
/// </summary>
internal sealed record RatioLimit(string Work, ExecutionMode Mode, double AtLeast)
{
    private const int Events = 3_000_000;
    private const int Runs = 7;

    public static IReadOnlyList<RatioLimit> All { get; } =
    [
        new("W1", ExecutionMode.Inline, 0.36),
        new("W1", ExecutionMode.Fused, 0.22),
        new("W2", ExecutionMode.Inline, 0.18),
        new("W3", ExecutionMode.Inline, 0.13),
        new("W4", ExecutionMode.Inline, 0.24),
        new("W5", ExecutionMode.Inline, 0.9),
        new("W6", ExecutionMode.Inline, 0.21),
    ];

    public void Check(Checklist checks)
    {
        var work = Workload.Find(Work)!;
        var report = ThroughputCommand.Measure(work, [Mode], Events, Runs);
        if (report.RatioOf(Mode) < AtLeast)
            report = ThroughputCommand.Measure(work, [Mode], Events, Runs);
        checks.Check(
            $"{Work} {Mode}, share of the best loop",
            report.RatioOf(Mode) >= AtLeast,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.RatioOf(Mode):F2}, at least {AtLeast:F2}; round trip {report.RoundTripNanoseconds:F0} ns"));
        checks.Check($"{Work} {Mode}, results agree", report.ResultsAgree, report.ResultsAgree ? "all" : "they differ");
    }
}
