using DisruptorStream.Durability.Plans.Records;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>What a processor keeps beside its memory, and what was kept before.</summary>
/// <param name="Durable">Where it keeps a journal and snapshots; null for nowhere.</param>
/// <param name="Recorder">What its flight recorder keeps; null for none.</param>
internal sealed record KeptSettings(DurableSettings? Durable, RecorderSettings? Recorder)
{
    /// <summary>It keeps nothing.</summary>
    public static KeptSettings Nothing { get; } = new(null, null);

    /// <summary>The plan of the saved state that it begins with; null for its own.</summary>
    public RecordedPlan? SavedPlan { get; init; }
}
