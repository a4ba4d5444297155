using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Identities;
using DisruptorStream.State;
using DisruptorStream.State.Accumulators;

namespace DisruptorStream.Plans.Recording;

/// <summary>Lays a plan out so that what was saved by another one can go on in it.</summary>
internal static class PlanPinning
{
    /// <summary>
    /// The same plan, in which every metric that the recorded one has is read from the accumulator that it had there.
    /// </summary>
    public static ProcessorPlan Pin(ProcessorPlan plan, RecordedPlan recorded)
    {
        var queries = new List<QueryPlan>();
        foreach (var query in plan.Queries)
        {
            var place = recorded.PlaceOf(query.Name);
            queries.Add(place < 0 ? query : Pin(query, recorded.Queries[place]));
        }

        return plan with { Queries = queries };
    }

    /// <summary>The same plan, to go on with what was saved by the recorded one.</summary>
    public static ProcessorPlan PinToLoad(ProcessorPlan plan, RecordedPlan recorded)
    {
        var pinned = Pin(plan, recorded);
        return PlanRecorder.Record(pinned).Fingerprint == recorded.Fingerprint
            ? pinned
            : pinned with { LoadsFrom = recorded };
    }

    private static QueryPlan Pin(QueryPlan query, RecordedQuery recorded)
    {
        var ofMetrics = new Dictionary<string, Fingerprint>(StringComparer.Ordinal);
        foreach (var metric in recorded.Metrics)
        {
            if (metric.Accumulator >= 0)
                ofMetrics.Add(metric.Name, recorded.Accumulators[metric.Accumulator].Identity);
        }

        var saved = Array.ConvertAll([.. recorded.Accumulators], static accumulator => accumulator.Identity);
        var pins = new AccumulatorPins(ofMetrics, saved);
        return query with { Pins = pins, Layout = AggregatePlan.LayOut(query.Metrics, query.NonFinite, pins) };
    }
}
