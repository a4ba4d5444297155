using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Reporting;

/// <summary>The counts of one query, read against the flow: what a later stage counts, those before it have.</summary>
internal sealed class QueryReading
{
    public QueryReading(QueryParts query)
    {
        Query = query;
        Delivery = query.Delivery.Stats;
        var sums = default(ShardSums);
        foreach (var shard in query.Stages)
            sums.Add(shard);
        Shards = sums;
        Assigned = query.Assignment.Counters.Read();
    }

    public QueryParts Query { get; }

    /// <summary>What was delivered.</summary>
    public DeliveryStats Delivery { get; }

    /// <summary>What the shards count.</summary>
    public ShardSums Shards { get; }

    /// <summary>What window assignment counts.</summary>
    public AssignmentFigures Assigned { get; }

    /// <summary>Events that it has handled, those that its filter refused too.</summary>
    public long EventsHandled => Assigned.EventsProcessed + Assigned.EventsFiltered;

    /// <summary>Slices, windows or sessions that are open.</summary>
    public long OpenWindows => OpenedWindows - Assigned.SlicesClosed - Shards.Figures.WindowsClosed;

    /// <summary>Slices, windows or sessions that were opened.</summary>
    public long OpenedWindows => Assigned.SlicesOpened + Shards.Figures.WindowsOpened;

    /// <summary>Pairs of an event and a window that it came too late for.</summary>
    public long LateDroppedAssignments =>
        Assigned.LateDroppedAssignments + Shards.Figures.LateDroppedAssignments;

    /// <summary>Events between the windows.</summary>
    public long EventsInNoWindow => Assigned.EventsInNoWindow + Shards.Figures.EventsInNoWindow;

    /// <summary>Results that were fired and not delivered. A pane that is in no list is none.</summary>
    public long Undelivered => Math.Max(
        0,
        Shards.FiredByNow - Shards.SuppressedByNow - Delivery.UnlistedPanes - Delivery.Delivered.ResultsEmitted);

    /// <summary>Retractions that were fired and not delivered.</summary>
    public long UndeliveredRetractions => Math.Max(
        0, Shards.RetractedByNow - Shards.RetractionsSuppressedByNow - Delivery.Delivered.Retractions);

    /// <summary>Adds the events that it has dropped, by reason.</summary>
    /// <param name="dropped">A count for each reason.</param>
    public void AddDropped(long[] dropped)
    {
        var (assigned, figures) = (Assigned, Shards.Figures);
        for (var reason = 0; reason < dropped.Length; reason++)
            dropped[reason] += assigned.Dropped[reason] + figures.Dropped[reason];
    }
}
