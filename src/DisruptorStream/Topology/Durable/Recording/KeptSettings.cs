namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>What a processor keeps beside its memory.</summary>
/// <param name="Durable">Where it keeps a journal and snapshots; null for nowhere.</param>
/// <param name="Recorder">What its flight recorder keeps; null for none.</param>
internal sealed record KeptSettings(DurableSettings? Durable, RecorderSettings? Recorder)
{
    /// <summary>It keeps nothing.</summary>
    public static KeptSettings Nothing { get; } = new(null, null);
}
