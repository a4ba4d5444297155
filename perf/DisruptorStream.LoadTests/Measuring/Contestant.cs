namespace DisruptorStream.LoadTests.Measuring;

/// <summary>One of those that do the same work in turns.</summary>
internal sealed record Contestant
{
    private readonly List<Lap> _laps = [];

    public required string Name { get; init; }

    /// <summary>Does the work once. Only the part that is to be measured is inside the lap.</summary>
    public required Func<Lap> Run { get; init; }

    /// <summary>Whether it is one of the loops without an engine.</summary>
    public bool IsLimit { get; init; }

    public IReadOnlyList<Lap> Laps => _laps;

    public double MedianMillionPerSecond => Median(lap => lap.MillionPerSecond);

    /// <summary>In the round in which the least came between.</summary>
    public double BestMillionPerSecond => _laps.Max(lap => lap.MillionPerSecond);

    public double BytesPerEvent => Median(lap => (double)lap.AllocatedBytes / lap.Events);

    public int Collections => _laps.Max(lap => lap.Collections);

    /// <summary>
    /// Lets everyone run in turns, so that what else the machine does falls on all of them.
    /// </summary>
    public static void RunInTurns(IReadOnlyList<Contestant> contestants, int warmUps, int runs)
    {
        for (var run = -warmUps; run < runs; run++)
        {
            foreach (var contestant in contestants)
            {
                var lap = contestant.Run();
                if (run >= 0)
                    contestant._laps.Add(lap);
            }
        }
    }

    public double Median(Func<Lap, double> of)
    {
        var sorted = _laps.Select(of).Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
