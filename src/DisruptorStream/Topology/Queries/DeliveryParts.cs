using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Gating;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.Saving;

namespace DisruptorStream.Topology.Queries;

/// <summary>How the results of a query leave: rows of each shard, their merging, sinks and stream.</summary>
internal abstract class DeliveryParts
{
    /// <param name="query">What the query is.</param>
    /// <param name="history">How much of the past is kept for those who ask why; 0 for nothing.</param>
    protected DeliveryParts(QueryPlan query, int history) =>
        Tally = history == 0 || query.Window.Slices is null ? null : new PaneTally();

    /// <summary>The type of the keys.</summary>
    public abstract Type KeyType { get; }

    /// <summary>The state of the host's end.</summary>
    public abstract IQueryBuffer Buffer { get; }

    /// <summary>The rows of each shard on their way to emission.</summary>
    public abstract ResultRing[] Rows { get; }

    /// <summary>All that results go to, as the life cycle sees it.</summary>
    public abstract IOutputs Outputs { get; }

    /// <summary>What the sinks threw.</summary>
    public abstract ISinkFailureSource Failures { get; }

    /// <summary>Merges the rows.</summary>
    public abstract EmissionStage Emission { get; }

    /// <summary>Holds results back; null for nothing of the kind.</summary>
    public abstract DeliveryGate? Gate { get; }

    /// <summary>
    /// How many panes the newest windows have had; null where each key has windows of its own, and where no history is
    /// kept.
    /// </summary>
    public PaneTally? Tally { get; }

    /// <summary>The number of the last result that went out; 0 for none. Any thread.</summary>
    public abstract long LastNumber { get; }

    /// <summary>The number of the last result in what <see cref="Save"/> writes. While no stage moves.</summary>
    public abstract long SavedNumber { get; }

    /// <summary>The number of the last dropped event in what <see cref="Save"/> writes. While no stage moves.</summary>
    public abstract long SavedDroppedNumber { get; }

    /// <summary>The number of the last result that no sink has still to write; 0 for none. Any thread.</summary>
    public abstract long ArrivedNumber { get; }

    /// <summary>The number of the last dropped event that came by; 0 for none. Any thread.</summary>
    public abstract long DroppedNumber { get; }

    /// <summary>What was delivered so far.</summary>
    public abstract DeliveryStats Stats { get; }

    /// <summary>Writes what was delivered so far, and what is kept for later results.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="watermarkTicks">The query's watermark.</param>
    public abstract void Save(StateWriter writer, long watermarkTicks);

    /// <summary>Goes on where another stopped. Before the first row.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public abstract void Load(StateReader reader);
}
