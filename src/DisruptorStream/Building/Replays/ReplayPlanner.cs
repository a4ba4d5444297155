using DisruptorStream.Building.Planning;
using DisruptorStream.Durability;
using DisruptorStream.Topology.Durable.Replay;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Building.Replays;

/// <summary>Handles a directory again with the processor of a definition.</summary>
internal static class ReplayPlanner
{
    /// <param name="definition">What the processor is.</param>
    /// <param name="replay">The directory.</param>
    /// <inheritdoc cref="DirectoryReplay.Run" path="/exception"/>
    public static ReplayReport Run<TKey>(PipelineDefinition<TKey> definition, DirectoryReplay replay)
        where TKey : notnull => replay.Run(
            ProcessorPlanner.Plan(definition),
            definition.Services,
            [new KeyColumnMaker<TKey>(definition.Options.MaxKeys, definition.KeyCodec)],
            [new DeliveryMaker<TKey>(definition.DeliveryOf(definition.Options))]);
}
