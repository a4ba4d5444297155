using DisruptorStream.Crash.Workloads;

namespace DisruptorStream.Crash.Kills;

/// <summary>Processes of one workload, each killed at a random moment, until one is through.</summary>
internal sealed class KilledLives
{
    private const int MostKills = 8;
    private const int MostLives = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Workload _workload;
    private readonly Random _random;
    private readonly CollectedResults _results;
    private readonly string _directory;
    private readonly string[] _options;

    /// <param name="workload">What they do.</param>
    /// <param name="directory">Where their journal is.</param>
    /// <param name="results">Where their lines go.</param>
    /// <param name="options">What else they are told.</param>
    public KilledLives(Workload workload, string directory, CollectedResults results, params string[] options)
    {
        _workload = workload;
        _random = new Random(workload.Seed);
        _results = results;
        _directory = directory;
        _options = options;
    }

    /// <summary>How often one was killed.</summary>
    public int Kills { get; private set; }

    /// <returns>What went wrong; null where one is through.</returns>
    public string? Run()
    {
        for (var life = 0; life < MostLives; life++)
        {
            var isKilled = Kills < MostKills;
            using var child = new Life(_workload, _directory, _results, _options);
            if (isKilled && !child.WaitFor(_random.Next(3), Patience))
                return $"Life {life} hangs.";
            if (isKilled && !child.HasEnded)
            {
                Thread.Sleep(_random.Next(child.HasBuilt ? 150 : 80));
                child.Kill();
                Kills++;
            }

            if (!child.WaitForEnd(Patience))
                return $"Life {life} did not end within {Patience.TotalSeconds} s.";
            if (child.IsThrough)
                return null;
            if (child.Failure is { } failure)
                return $"Life {life} ended by itself: {failure}";
        }

        return $"It was not through after {MostLives} lives.";
    }
}
