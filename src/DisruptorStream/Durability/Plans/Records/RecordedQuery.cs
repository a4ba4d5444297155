using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Plans.Records;

/// <summary>A query as a directory remembers it.</summary>
internal sealed record RecordedQuery : INamed
{
    /// <summary>The user's name of it.</summary>
    public required string Name { get; init; }

    /// <summary>What its state means beside its metrics: keys, filter, windows, panes.</summary>
    public required IReadOnlyList<RecordedPart> Meaning { get; init; }

    /// <summary>Its metrics, in the order of the results' columns.</summary>
    public required IReadOnlyList<RecordedMetric> Metrics { get; init; }

    /// <summary>What each record consists of, in the order in which it is saved.</summary>
    public required IReadOnlyList<RecordedAccumulator> Accumulators { get; init; }

    /// <summary>The length of a record.</summary>
    public required int RecordBytes { get; init; }

    /// <summary>Where the marks of a failure lie in a record; -1 where none can fail.</summary>
    public required int MarksOffset { get; init; }

    /// <summary>
    /// Why its metrics may not change, as its state has values of all of them; empty where they may.
    /// </summary>
    public required string FixedMetrics { get; init; }

    /// <summary>What shapes its results, and no state.</summary>
    public required IReadOnlyList<RecordedOption> Options { get; init; }

    /// <summary>Whether an accumulator keeps more than its bytes in the record.</summary>
    public bool HasBlocks
    {
        get
        {
            foreach (var accumulator in Accumulators)
            {
                if (accumulator.HasBlocks)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Whether a record's bytes are all there is.</summary>
    public bool IsPlain => MarksOffset < 0 && !HasBlocks;

    /// <summary>
    /// Whether a new metric can be read from one of its accumulators. No accumulator stays for a count alone: a count
    /// is read from one that another metric reads before and after.
    /// </summary>
    /// <param name="metric">The metric.</param>
    /// <param name="now">What the query is to be, with the metric.</param>
    public bool CanServe(RecordedMetric metric, RecordedQuery now)
    {
        for (var place = 0; place < Accumulators.Count; place++)
        {
            if (metric.CanRead(Accumulators[place]) && (!metric.IsCount || IsReadBy(now, place)))
                return true;
        }

        return false;
    }

    /// <summary>How a metric is read, and from what, for people.</summary>
    public string TextOf(RecordedMetric metric) => metric.Accumulator < 0
        ? metric.Text
        : $"{metric.Text} of {Accumulators[metric.Accumulator].Text}";

    private bool IsReadBy(RecordedQuery now, int accumulator)
    {
        foreach (var metric in Metrics)
        {
            if (metric.Accumulator == accumulator && now.Metrics.PlaceOf(metric.Name) >= 0)
                return true;
        }

        return false;
    }

    /// <summary>The place of an accumulator; -1 for none.</summary>
    public int PlaceOf(in Fingerprint identity)
    {
        for (var place = 0; place < Accumulators.Count; place++)
        {
            if (Accumulators[place].Identity == identity)
                return place;
        }

        return -1;
    }
}
