using DisruptorStream.Emission.Merging;
using DisruptorStream.State;

namespace DisruptorStream.Pipeline;

/// <summary>How far a shard has come, and how far its rows are complete, which emission is told.</summary>
/// <remarks>The shard's thread writes; any thread may read <see cref="Processed"/> as a figure.</remarks>
internal sealed class ShardProgress
{
    private readonly ShardCounters _counters;
    private readonly ResultRing _results;

    /// <param name="counters">Shown before the progress.</param>
    /// <param name="results">Where emission reads the progress.</param>
    /// <param name="processed">The last slot handled so far.</param>
    public ShardProgress(ShardCounters counters, ResultRing results, long processed)
    {
        _counters = counters;
        _results = results;
        Processed = processed;
    }

    /// <summary>The last sequence handled.</summary>
    public long Processed { get; set; }

    /// <summary>Tells emission how far the rows are complete.</summary>
    /// <param name="unfinished">The first slot of which rows may be missing; long.MaxValue for none.</param>
    public void Report(long unfinished)
    {
        // Before the progress: who waits for it finds the counts of what it waited for.
        _counters.Publish();
        _results.CompleteThrough(Math.Min(unfinished - 1, Processed));
    }
}
