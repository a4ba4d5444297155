using System.Globalization;

namespace DisruptorStream.Testing.Scripts;

/// <summary>One way to run a script.</summary>
/// <param name="Mode">On which threads.</param>
/// <param name="ShardCount">On how many shards.</param>
/// <param name="MostEvents">The most events handed over at once; 1 for one at a time, 0 for all.</param>
/// <param name="Seed">What the sizes of batches grow from, where there is a choice.</param>
internal sealed record RunPlan(ExecutionMode Mode, int ShardCount, int MostEvents, int Seed)
{
    public override string ToString()
    {
        var batches = MostEvents switch
        {
            0 => "all events at once",
            1 => "one event at a time",
            _ => string.Create(CultureInfo.InvariantCulture, $"random batches (seed {Seed})"),
        };
        var shards = ShardCount == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" with {ShardCount} shards");
        return $"{Mode}{shards}, {batches}";
    }
}
