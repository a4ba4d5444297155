using DisruptorStream.Ingest;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Plans;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Topology.Durable.Recording;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology;

/// <summary>What a processor consists of, once built.</summary>
internal sealed record ProcessorParts
{
    public required ProcessorPlan Plan { get; init; }

    public required ProcessorServices Services { get; init; }

    public required ProcessorRuntime Runtime { get; init; }

    public required RuntimeParts RuntimeParts { get; init; }

    public required Ledger Ledger { get; init; }

    /// <summary>Writes the state, between two slots.</summary>
    public required StateSaver Saver { get; init; }

    /// <summary>The queries, in the order of the plan; at least one.</summary>
    public required IReadOnlyList<QueryParts> Queries { get; init; }

    /// <summary>The host's clock.</summary>
    public required ProcessingClock Clock { get; init; }

    /// <summary>Memory of the rings, in bytes.</summary>
    public required long RingBytes { get; init; }

    public required ProcessorMeters Meters { get; init; }

    /// <summary>Its journal and its snapshots; null where it keeps none.</summary>
    public DurableSession? Durable { get; init; }

    /// <summary>Its flight recorder; null where it has none.</summary>
    public RecorderSession? Recorder { get; init; }
}
