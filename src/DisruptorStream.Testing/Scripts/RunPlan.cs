using System.Globalization;

namespace DisruptorStream.Testing.Scripts;

/// <summary>One way to run a script.</summary>
/// <param name="Mode">On which threads.</param>
/// <param name="ShardCount">On how many shards.</param>
/// <param name="MostEvents">The most events handed over at once; 1 for one at a time, 0 for all.</param>
/// <param name="Seed">What the sizes of batches grow from, where there is a choice.</param>
internal sealed record RunPlan(ExecutionMode Mode, int ShardCount, int MostEvents, int Seed)
{
    /// <summary>
    /// In which modes, in turn, the processor goes on after its state was saved and loaded; none for no such restart.
    /// </summary>
    public IReadOnlyList<(ExecutionMode Mode, int ShardCount)> Restarts { get; init; } = [];

    /// <summary>Steps between two restarts, on average; 1 for one after each step.</summary>
    public int StepsPerRestart { get; init; } = 1;

    public override string ToString()
    {
        var batches = MostEvents switch
        {
            0 => "all events at once",
            1 => "one event at a time",
            _ => string.Create(CultureInfo.InvariantCulture, $"random batches (seed {Seed})"),
        };
        return $"{TextOf(Mode, ShardCount)}, {batches}{RestartText()}";
    }

    private static string TextOf(ExecutionMode mode, int shardCount) => shardCount == 1
        ? mode.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{mode} with {shardCount} shards");

    private string RestartText()
    {
        if (Restarts.Count == 0)
            return "";
        var modes = new List<string>();
        foreach (var (mode, shardCount) in Restarts)
            modes.Add(TextOf(mode, shardCount));
        return string.Create(
            CultureInfo.InvariantCulture,
            $", saved and loaded about every {StepsPerRestart} steps (seed {Seed}) into {string.Join(", ", modes)}");
    }
}
