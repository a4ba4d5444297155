using System.Diagnostics;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>One measured piece of work.</summary>
internal sealed record Lap
{
    public required TimeSpan Elapsed { get; init; }

    public required long Events { get; init; }

    public required long Results { get; init; }

    public required ulong Digest { get; init; }

    public required long AllocatedBytes { get; init; }

    public required int Collections { get; init; }

    public double MillionPerSecond => Events / Elapsed.TotalSeconds / 1e6;

    /// <summary>Measures work on a number of events; the digest is asked for afterwards.</summary>
    public static Lap Of(long events, Action work, Func<(long Results, ulong Sum)> digest)
    {
        GC.Collect();
        var collections = AllCollections();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var begin = Stopwatch.GetTimestamp();
        work();
        var elapsed = Stopwatch.GetElapsedTime(begin);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var (results, sum) = digest();
        return new Lap
        {
            Elapsed = elapsed,
            Events = events,
            Results = results,
            Digest = sum,
            AllocatedBytes = allocated,
            Collections = AllCollections() - collections,
        };
    }

    /// <summary>Collections of the process so far, of any generation.</summary>
    public static int AllCollections() => GC.CollectionCount(0) + GC.CollectionCount(1) + GC.CollectionCount(2);
}
