using DisruptorStream.Ingest.Replay;
using DisruptorStream.Plans;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable.Remaking;

/// <summary>The sources of a processor, as far as they can give events again.</summary>
internal interface ISlotRemaking
{
    /// <summary>Makes what makes slots of their events again, for one that handles a journal.</summary>
    /// <param name="plan">What the processor is.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="services">The host's clock and logger.</param>
    /// <param name="identities">What the numbers in slots stand for, as of the next slot.</param>
    SlotRemaker NewRemaker(
        ProcessorPlan plan, IReadOnlyList<KeyColumnMaker> keys, ProcessorServices services, SideLogReplayer identities);
}
