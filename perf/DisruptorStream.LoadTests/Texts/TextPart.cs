using System.Globalization;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>The user's own code, the engine beside it, and how many times as fast the engine should be.</summary>
internal sealed record TextPart
{
    public required string Name { get; init; }

    /// <summary>What a user writes without an engine.</summary>
    public required Contestant Own { get; init; }

    /// <summary>Other ways to do without an engine, which nothing is compared with.</summary>
    public IReadOnlyList<Contestant> Others { get; init; } = [];

    /// <summary>The engine's, with the least share of the rate of <see cref="Own"/> that is asked for.</summary>
    public required IReadOnlyList<(Contestant Engine, double Goal)> Engine { get; init; }

    private IEnumerable<Contestant> All => [Own, .. Others, .. Engine.Select(one => one.Engine)];

    /// <summary>Runs all in turns, prints medians, and checks shares and results.</summary>
    public void Measure(int warmUps, int runs, Checklist checks)
    {
        Contestant.RunInTurns([.. All], warmUps, runs);
        foreach (var contestant in All)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"        {Name}, {contestant.Name}: {contestant.MedianMillionPerSecond:F1} M/s "
                + $"({contestant.Laps.Min(lap => lap.MillionPerSecond):F1} to {contestant.BestMillionPerSecond:F1}), "
                + $"{contestant.BytesPerEvent:F2} B an event"));
        }

        foreach (var (engine, goal) in Engine)
        {
            var share = engine.MedianMillionPerSecond / Own.MedianMillionPerSecond;
            checks.Check(
                $"{Name}, {engine.Name}",
                share >= goal,
                string.Create(
                    CultureInfo.InvariantCulture, $"{share:F2} of the rate of {Own.Name}, at least {goal:F2}"));
        }

        CheckResults(checks);
    }

    /// <summary>
    /// Runs all in turns, and checks the shares of the rates in the rounds in which the least came between.
    /// </summary>
    /// <param name="warmUps">Rounds before those that count.</param>
    /// <param name="runs">Rounds that count.</param>
    /// <param name="atLeast">The least share of each of <see cref="Engine"/>.</param>
    /// <param name="checks">Told of each.</param>
    public void CheckBest(int warmUps, int runs, ReadOnlySpan<double> atLeast, Checklist checks)
    {
        Contestant.RunInTurns([.. All], warmUps, runs);
        for (var index = 0; index < Engine.Count; index++)
        {
            var engine = Engine[index].Engine;
            var share = engine.BestMillionPerSecond / Own.BestMillionPerSecond;
            checks.Check(
                $"{Name}, {engine.Name}, share of the {Own.Name}",
                share >= atLeast[index],
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{share:F3}, at least {atLeast[index]:F3}; {engine.BestMillionPerSecond:F0} of "
                    + $"{Own.BestMillionPerSecond:F0} M/s"));
        }

        CheckResults(checks);
    }

    /// <summary>Checks that all have the same results.</summary>
    public void CheckResults(Checklist checks)
    {
        var expected = Own.Laps[0];
        var agree = All.All(one => one.Laps.All(
            lap => lap.Results == expected.Results && lap.Digest == expected.Digest));
        checks.Check(
            $"{Name}, results",
            agree && expected.Results > 0,
            agree ? $"{expected.Results} of each, the same" : "they differ");
    }
}
