using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Plans;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Topology.Durable;

/// <summary>
/// How many results, and how many dropped events, of each query have arrived at the sinks that do not know themselves:
/// as the journal tells it, the results of all queries and then the dropped events.
/// </summary>
internal readonly struct ArrivedResults
{
    private readonly long[] _numbers;
    private readonly int _queries;

    private ArrivedResults(long[] numbers, int queries)
    {
        _numbers = numbers;
        _queries = queries;
    }

    /// <summary>The newest of what was told in several places: numbers only grow.</summary>
    /// <param name="plan">The plan whose queries are meant.</param>
    /// <param name="recorded">The plan of the directory, which may have other queries; null for none.</param>
    /// <param name="journal">What the journal tells.</param>
    /// <param name="snapshots">The snapshots.</param>
    public static ArrivedResults Newest(
        ProcessorPlan plan,
        RecordedPlan? recorded,
        JournalContents journal,
        IReadOnlyList<SnapshotEntry> snapshots)
    {
        var newest = new ArrivedResults(new long[2 * plan.Queries.Count], plan.Queries.Count);
        if (recorded is null)
            return newest;

        // What was told under a plan before that one may be of other queries with the same names.
        var id = recorded.Id;
        if (journal.PositionsPlan == id)
            newest.Raise(plan, recorded, journal.Positions);
        foreach (var snapshot in snapshots)
        {
            if (snapshot.Info is { } info && info.Plan == id)
                newest.Raise(plan, recorded, info.Arrived);
        }

        return newest;
    }

    /// <summary>All numbers, as the journal is to tell them.</summary>
    public long[] ToArray() => [.. _numbers];

    /// <summary>The number of the last result.</summary>
    public long NumberOf(int query) => At(query);

    /// <summary>How many dropped events.</summary>
    public long DroppedOf(int query) => At(_queries + query);

    /// <summary>As the journal is to tell it.</summary>
    public static long[] Of(IReadOnlyList<QueryParts> queries)
    {
        var numbers = new long[2 * queries.Count];
        Read(queries, numbers);
        return numbers;
    }

    /// <summary>As <see cref="Of"/>, where there is an array already.</summary>
    public static void Read(IReadOnlyList<QueryParts> queries, Span<long> numbers)
    {
        for (var query = 0; query < queries.Count; query++)
        {
            numbers[query] = queries[query].Delivery.ArrivedNumber;
            numbers[queries.Count + query] = queries[query].Delivery.DroppedNumber;
        }
    }

    private void Raise(ProcessorPlan plan, RecordedPlan recorded, IReadOnlyList<long> told)
    {
        var count = recorded.Queries.Count;
        for (var place = 0; place < count; place++)
        {
            if (told.Count != 2 * count || plan.PlaceOf(recorded.Queries[place].Name) is not (var query and >= 0))
                continue;
            _numbers[query] = Math.Max(_numbers[query], told[place]);
            _numbers[_queries + query] = Math.Max(_numbers[_queries + query], told[count + place]);
        }
    }

    private long At(int index) => _numbers[index];
}
