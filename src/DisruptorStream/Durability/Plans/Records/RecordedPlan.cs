using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Plans.Records;

/// <summary>
/// What a processor is, as a directory remembers it: enough to compare another one with it, and to read the state of
/// one into the other.
/// </summary>
internal sealed record RecordedPlan
{
    /// <summary>How often the plan has changed in its directory; 0 outside of one.</summary>
    public int Revision { get; init; }

    /// <summary>The processor's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is a stream with queries that have names of their own.</summary>
    public required bool IsStream { get; init; }

    /// <summary>The keys of an event, in the order of their columns.</summary>
    public required IReadOnlyList<RecordedKey> Keys { get; init; }

    /// <summary>The measures of an event, in the order of their words.</summary>
    public required IReadOnlyList<RecordedMeasure> Measures { get; init; }

    /// <summary>The filters, in the order of their bits.</summary>
    public required IReadOnlyList<string> Filters { get; init; }

    /// <summary>Whether windows go by the clock.</summary>
    public required bool ProcessingTime { get; init; }

    /// <summary>Whether events may be held, as they lie in their slots, because they are far ahead.</summary>
    public required bool HoldsEvents { get; init; }

    /// <summary>What shapes the results of all queries, and no state.</summary>
    public required IReadOnlyList<RecordedOption> Options { get; init; }

    /// <summary>The questions, in their order.</summary>
    public required IReadOnlyList<RecordedQuery> Queries { get; init; }

    /// <summary>The time zones by whose rules windows begin and end.</summary>
    public required IReadOnlyList<RecordedZone> Zones { get; init; }

    /// <summary>Whether keys have time zones of their own, which nobody knows beforehand.</summary>
    public required bool HasKeyZones { get; init; }

    /// <summary>The version of the rules of time zones; empty where nobody knows.</summary>
    public required string TimeZoneVersion { get; init; }

    /// <summary>
    /// Equal for plans that give the same results from the same slots, whatever the processor's name, the rules of time
    /// zones, and the way in which records lie in memory.
    /// </summary>
    public Fingerprint Fingerprint => PlanRecordFormat.FingerprintOf(this);

    /// <summary>
    /// Stands for the plan at its place in the history of a directory: a plan that comes back after others has another
    /// one.
    /// </summary>
    public Fingerprint Id
    {
        get
        {
            var writer = new IdentityWriter();
            var plan = Fingerprint;
            writer.Add(unchecked((long)plan.High));
            writer.Add(unchecked((long)plan.Low));
            writer.Add(Revision);
            return writer.Fingerprint;
        }
    }

    /// <summary>Whether events have the same words in the same places.</summary>
    public bool HasSlotsOf(RecordedPlan other) =>
        SequenceEqual(Keys, other.Keys)
        && SequenceEqual(Filters, other.Filters)
        && SequenceEqual(Measures, other.Measures);

    /// <summary>
    /// What people call a query: the only one of a processor has the processor's name, as in statistics, logs, sinks.
    /// </summary>
    public string NameOf(string query) => IsStream ? query : Name;

    /// <summary>The place of a query; -1 for none.</summary>
    public int PlaceOf(string query) => Queries.PlaceOf(query);

    private static bool SequenceEqual<T>(IReadOnlyList<T> left, IReadOnlyList<T> right)
    {
        if (left.Count != right.Count)
            return false;
        for (var index = 0; index < left.Count; index++)
        {
            if (!EqualityComparer<T>.Default.Equals(left[index], right[index]))
                return false;
        }

        return true;
    }
}
