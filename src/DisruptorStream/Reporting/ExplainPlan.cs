namespace DisruptorStream.Reporting;

/// <summary>
/// What the builder's wishes were compiled to: stages, stores, accumulators, and the memory that they may take.
/// </summary>
/// <remarks>Made when it is asked for; immutable.</remarks>
public sealed record ExplainPlan
{
    internal ExplainPlan()
    {
    }

    /// <summary>The processor's or stream's own name; of a query "stream/query".</summary>
    public required string Name { get; init; }

    /// <summary>On which threads the stages run.</summary>
    public required ExecutionMode Mode { get; init; }

    /// <summary>How many shards aggregate.</summary>
    public required int ShardCount { get; init; }

    /// <summary>
    /// The threads of the engine, each with its stage and, in a stream, the queries that it takes through all their
    /// stages. None for an Inline processor, and of a query.
    /// </summary>
    public IReadOnlyList<string> Threads { get; init; } = [];

    /// <summary>The windows, in words; of a stream how many queries there are.</summary>
    public required string Windows { get; init; }

    /// <summary>What moves event time, in words.</summary>
    public required string Watermarks { get; init; }

    /// <summary>
    /// How state is kept: over shared slices, per window, or per session; of a stream how many words an event takes.
    /// </summary>
    public required string Store { get; init; }

    /// <summary>
    /// What an event costs in that store; of a stream what its queries share: the calls and look-ups on the publisher's
    /// thread.
    /// </summary>
    public required string CostPerEvent { get; init; }

    /// <summary>The accumulators: each with its bytes, and the metrics that read it; of a stream none.</summary>
    public required IReadOnlyList<string> Accumulators { get; init; }

    /// <summary>The metrics that are made of others, each with its expression; of a stream none.</summary>
    public required IReadOnlyList<string> Expressions { get; init; }

    /// <summary>
    /// Which panes of another query are the events of a query; null where it has those of the stream.
    /// </summary>
    public string? Panes { get; init; }

    /// <summary>The condition of which panes are shown; null where all are.</summary>
    public string? Having { get; init; }

    /// <summary>Which keys of each window are shown, and what is kept for that; null where all are.</summary>
    public string? Top { get; init; }

    /// <summary>
    /// Of a stream its keys: each with its column, what it costs, and the queries that group by it. Of a query the one
    /// that it groups by. Of a processor none.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>
    /// Of a stream its filters: each with its bit, what it costs, and the queries and metrics that ask for it. Of a
    /// query the one that its events must pass, if there is one. Of a processor none.
    /// </summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Of a stream the plans of its queries, in their order. Of a processor and a query none.</summary>
    public IReadOnlyList<ExplainPlan> Queries { get; init; } = [];

    /// <summary>Bytes of an event in the ring: its slot, and the words beside it.</summary>
    public required int EventBytes { get; init; }

    /// <summary>
    /// Bytes for each key and slice, window or session, accumulators included; of a stream the sum over its queries.
    /// </summary>
    public required int BytesPerKeyAndWindow { get; init; }

    /// <summary>
    /// The most bytes that sketches of one key and slice, window or session hold beside that; most hold far less. Of a
    /// stream the sum over its queries.
    /// </summary>
    public required int MaxBlockBytesPerKeyAndWindow { get; init; }

    /// <summary>
    /// Bytes of the slots of the ring and the result rings, allocated when the processor is built; of a query its
    /// result rings.
    /// </summary>
    public required long RingBytes { get; init; }

    /// <summary>
    /// The most bytes of window state, at <see cref="StreamProcessorOptions.MaxKeys"/> keys and the limit on slices
    /// or windows; a figure for the limits, which most processors never come near. Of a stream the sum over its
    /// queries.
    /// </summary>
    public required double MaxStateBytes { get; init; }

    /// <summary>What bounds the bytes of window state, in words; or that nothing does.</summary>
    public required string StateLimit { get; init; }

    /// <summary>The plan as text, a line for each point; that of each query of a stream follows, indented.</summary>
    public override string ToString() => PlanLines.Of(this);
}
