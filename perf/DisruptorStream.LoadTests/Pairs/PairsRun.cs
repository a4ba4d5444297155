using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Pairs;

/// <summary>Two builds, and how they are compared.</summary>
internal sealed record PairsRun
{
    public const int StandardEvents = 5_000_000;
    public const int SlowEvents = 2_000_000;

    public required Build Before { get; init; }

    public required Build After { get; init; }

    public required int Pairs { get; init; }

    /// <summary>The highest ratio of times that is no loss.</summary>
    public required double Limit { get; init; }

    /// <summary>Of each run; null for what suits the workload.</summary>
    public int? Events { get; init; }

    /// <summary>Whether a workload that the build before does not have is passed over, and does not fail.</summary>
    public bool SkipsMissing { get; init; }

    public void Check(Checklist checks, string name, ExecutionMode mode)
    {
        var title = $"{name} {mode}";
        try
        {
            var work = Workload.Find(name);
            var events = Events ?? (work is { IsSlow: true } ? SlowEvents : StandardEvents);
            if (PairComparison.Measure(Before, After, name, mode, events, Pairs) is { } comparison)
            {
                comparison.CheckTime(checks, title, Limit);
                comparison.CheckResults(
                    checks, title, work is { IsApproximate: true } ? () => KeepsPromise(work, events) : null);
            }
            else if (SkipsMissing)
            {
                checks.Skip(title, "the build before does not have it");
            }
            else
            {
                checks.Check(title, false, "the build before does not have it: leave it out");
            }
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            checks.Check(title, false, error.Message);
        }
    }

    private static bool KeepsPromise(Workload work, int events) =>
        PercentileCheck.Run(work, work.Generate(events)) is { Compared: > 0, Outside: 0 };
}
