using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Identities;
using DisruptorStream.Plans.Recording;

namespace DisruptorStream.Plans;

/// <summary>What a processor is: a pure value, made from what the builder was told, without side effects.</summary>
/// <remarks>State and threads are made from it; it knows of neither.</remarks>
internal sealed record ProcessorPlan
{
    /// <summary>Raised when equal plans come to mean something else.</summary>
    private const int IdentityVersion = 2;

    /// <summary>The processor's own name.</summary>
    public required string Name { get; init; }

    /// <summary>The types of events; one, as yet.</summary>
    public required IReadOnlyList<InputPlan> Inputs { get; init; }

    /// <summary>The questions; at least one.</summary>
    public required IReadOnlyList<QueryPlan> Queries { get; init; }

    public required ExecutionPlan Execution { get; init; }

    /// <summary>Whether it is a stream with queries that have names of their own.</summary>
    public bool IsStream { get; init; }

    /// <summary>
    /// The plan of the saved state that is loaded; null where it is this one, so that all is there and in its place.
    /// </summary>
    public RecordedPlan? LoadsFrom { get; init; }

    /// <summary>Whether other queries read the panes of a query.</summary>
    public bool IsRead(QueryPlan query)
    {
        foreach (var other in Queries)
        {
            if (other.Panes is { } panes && ReferenceEquals(Queries[panes.Query], query))
                return true;
        }

        return false;
    }

    /// <summary>The place of a query; -1 for none.</summary>
    public int PlaceOf(string query)
    {
        for (var place = 0; place < Queries.Count; place++)
        {
            if (string.Equals(Queries[place].Name, query, StringComparison.Ordinal))
                return place;
        }

        return -1;
    }

    /// <summary>What logs, traces and sinks call a query of it.</summary>
    public string NameOf(QueryPlan query) => IsStream ? $"{Name}/{query.Name}" : Name;

    /// <summary>For whom the durable sinks of a query are opened.</summary>
    /// <param name="query">The query.</param>
    /// <param name="epoch">Counts the owners of the state, from 1; 0 where it is not durable.</param>
    /// <param name="streamId">Which durable state it is.</param>
    public DurableSinkOwner OwnerOf(QueryPlan query, long epoch, string streamId = "") => new()
    {
        StreamId = streamId,
        ProcessorName = Name,
        QueryName = IsStream ? query.Name : Name,
        Epoch = epoch,
        PlanFingerprint = QueryRecorder.MeaningOf(this, query).ToString(),
    };

    /// <summary>
    /// Equal for plans whose state is interchangeable: the same inputs, windows and accumulators. The processor's name,
    /// its threads, lateness, limits and outputs are no part of it.
    /// </summary>
    public Fingerprint Fingerprint
    {
        get
        {
            var writer = new IdentityWriter();
            writer.Add(IdentityVersion);
            writer.BeginList(Inputs.Count);
            foreach (var input in Inputs)
                input.Identify(writer);
            writer.BeginList(Queries.Count);
            foreach (var query in Queries)
                query.Identify(writer);
            return writer.Fingerprint;
        }
    }
}
