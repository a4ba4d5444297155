using System.Globalization;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Pairs;

/// <summary>A workload run by two builds in turns.</summary>
internal sealed class PairComparison
{
    private readonly List<(PairRun Before, PairRun After)> _pairs = [];
    private readonly HashSet<(long Count, ulong Digest)> _otherOutcomes = [];
    private (long Count, ulong Digest)? _expected;

    private PairComparison()
    {
    }

    /// <summary>Of the time after in that before.</summary>
    public MedianInterval Ratio => MedianInterval.Of(_pairs.Select(pair => pair.After.Seconds / pair.Before.Seconds));

    /// <summary>Whether all runs of both had the same results.</summary>
    public bool ResultsAgree => _otherOutcomes.Count == 0;

    /// <summary>
    /// Loads the builds as often as they ask for it, and who is loaded first changes: where code and events lie in
    /// memory is the same for all runs of one loading.
    /// </summary>
    /// <returns>Null when a build does not have the workload.</returns>
    public static PairComparison? Measure(
        Build before, Build after, string work, ExecutionMode mode, int events, int pairs)
    {
        var comparison = new PairComparison();
        for (var loading = 0; loading < after.Loadings; loading++)
        {
            var isBeforeFirst = loading % 2 == 0;
            var first = (isBeforeFirst ? before : after).Prepare(work, mode, events);
            var second = (isBeforeFirst ? after : before).Prepare(work, mode, events);
            if (first is null || second is null)
                return null;
            var share = (pairs * (loading + 1) / after.Loadings) - comparison._pairs.Count;
            comparison.RunPairs(
                isBeforeFirst ? first : second, isBeforeFirst ? second : first, after.WarmUps, share);
        }

        return comparison;
    }

    public static PairComparison Measure(Func<PairRun> before, Func<PairRun> after, int warmUps, int pairs)
    {
        var comparison = new PairComparison();
        comparison.RunPairs(before, after, warmUps, pairs);
        return comparison;
    }

    /// <param name="limit">The highest ratio that is no loss.</param>
    public PairVerdict VerdictAt(double limit)
    {
        var ratio = Ratio;
        if (ratio.Low > limit)
            return PairVerdict.Slower;
        if (ratio.High > limit)
            return PairVerdict.Unclear;
        return ratio.High < 1 ? PairVerdict.Faster : PairVerdict.Within;
    }

    /// <summary>Checks the time; only what is surely slower fails.</summary>
    public void CheckTime(Checklist checks, string name, double limit)
    {
        var verdict = VerdictAt(limit);
        var ratio = Ratio;
        checks.Check(
            $"{name}, time",
            verdict != PairVerdict.Slower,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Describe(verdict, limit)}; after/before {ratio.Median:F3}, 95 % confidence {ratio.Low:F3} to "
                + $"{ratio.High:F3}, {_pairs.Count} pairs; before {Describe(pair => pair.Before)}, "
                + $"after {Describe(pair => pair.After)}"));
    }

    /// <summary>Checks that both have the same results.</summary>
    /// <param name="checks">Where it is noted.</param>
    /// <param name="name">Of the workload.</param>
    /// <param name="keepsPromise">
    /// Whether the results of this build are as near the exact ones as they have to be, where they need not be the same
    /// to the bit.
    /// </param>
    public void CheckResults(Checklist checks, string name, Func<bool>? keepsPromise)
    {
        var expected = _expected!.Value;
        if (ResultsAgree)
        {
            checks.Check($"{name}, results", true, $"{Show(expected)} from both");
            return;
        }

        var passes = keepsPromise is not null
            && _otherOutcomes.All(outcome => outcome.Count == expected.Count)
            && keepsPromise();
        var found = $"{Show(expected)}, but also {string.Join(" and ", _otherOutcomes.Take(3).Select(Show))}";
        checks.Check(
            $"{name}, results",
            passes,
            passes
                ? $"{found}; those of this build are within their promise"
                : $"{found}: one of the builds is wrong, or the workload itself is not the same in both");
    }

    private static string Describe(PairVerdict verdict, double limit) => verdict switch
    {
        PairVerdict.Slower => string.Create(CultureInfo.InvariantCulture, $"slower, beyond {limit:G4}"),
        PairVerdict.Unclear => string.Create(CultureInfo.InvariantCulture, $"unclear at {limit:G4}"),
        PairVerdict.Faster => "faster",
        _ => string.Create(CultureInfo.InvariantCulture, $"within {limit:G4}"),
    };

    private static string Show((long Count, ulong Digest) outcome) =>
        string.Create(CultureInfo.InvariantCulture, $"{outcome.Count:N0} with digest {outcome.Digest:X16}");

    private string Describe(Func<(PairRun Before, PairRun After), PairRun> of)
    {
        var runs = _pairs.Select(of).ToArray();
        var seconds = MedianInterval.MedianOf(runs.Select(run => run.Seconds));
        var bytes = MedianInterval.MedianOf(runs.Select(run => run.BytesPerEvent));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{seconds * 1e3:F1} ms ({runs[0].Events / seconds / 1e6:F1} M/s, {bytes:F3} B/event)");
    }

    /// <summary>
    /// Runs the two next to one another, so that both meet the same mood of the machine; who begins changes from pair
    /// to pair, so that what the first of two leaves behind falls on both.
    /// </summary>
    private void RunPairs(Func<PairRun> before, Func<PairRun> after, int warmUps, int pairs)
    {
        var done = _pairs.Count;
        for (var pair = -warmUps; pair < pairs; pair++)
        {
            var isBeforeFirst = (done + pair) % 2 == 0;
            var first = RunOnce(isBeforeFirst ? before : after);
            var second = RunOnce(isBeforeFirst ? after : before);
            if (pair >= 0)
                _pairs.Add(isBeforeFirst ? (first, second) : (second, first));
        }
    }

    private PairRun RunOnce(Func<PairRun> build)
    {
        // What the one before left is not collected in the time of this one.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var run = build();
        _expected ??= run.Outcome;
        if (run.Outcome != _expected)
            _otherOutcomes.Add(run.Outcome);
        return run;
    }
}
