using DisruptorStream.Crash.Processes;
using DisruptorStream.Crash.Sinks;
using DisruptorStream.Crash.Sources;

namespace DisruptorStream.Crash.Kills;

/// <summary>Rounds of processes that are killed, one for each seed.</summary>
internal static class KillCommand
{
    // A life waits for the disk and for its own pauses most of the time.
    private const int RoundsAtOnce = 2;

    /// <param name="times">How many rounds.</param>
    /// <param name="seed">The first seed.</param>
    /// <param name="sink">The durable sink that results go to; null for lines on the standard output.</param>
    /// <param name="source">What the process reads by itself; null where it publishes its events.</param>
    /// <exception cref="FormatException">There is no such source.</exception>
    public static async Task<Tally> RunAsync(int times, int seed, string? sink, string? source)
    {
        if (source is not (null or SourceRound.File) || (source is not null && sink is not null))
            throw new FormatException("--source takes file, and goes without --sink.");
        var tally = new Tally();
        await Parallel.ForAsync(
            seed,
            seed + times,
            new ParallelOptions { MaxDegreeOfParallelism = RoundsAtOnce },
            async (one, _) =>
            {
                var (problem, summary) = (sink, source) switch
                {
                    (null, null) => await KillRound.RunAsync(one),
                    (null, _) => await SourceRound.RunAsync(one),
                    _ => await SinkRound.RunAsync(sink, one),
                };
                tally.Add($"Seed {one} ({summary})", problem);
            });
        return tally;
    }
}
