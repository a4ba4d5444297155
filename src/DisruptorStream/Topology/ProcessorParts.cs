using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Ingest;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Plans;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology;

/// <summary>What a processor consists of, once built.</summary>
internal sealed record ProcessorParts<TKey>
    where TKey : notnull
{
    public required ProcessorPlan Plan { get; init; }

    public required ProcessorServices<TKey> Services { get; init; }

    public required ProcessorRuntime Runtime { get; init; }

    public required RuntimeParts RuntimeParts { get; init; }

    public required Ledger<TKey> Ledger { get; init; }

    public required EventWriter<TKey> Writer { get; init; }

    public required GuardedAssignment Assignment { get; init; }

    public required AggregationStage[] Shards { get; init; }

    public required ResultDispatcher<TKey> Dispatcher { get; init; }

    public required ProcessorOutputs<TKey> Outputs { get; init; }

    public required ResultStream<TKey> Results { get; init; }

    public required ResultReaders<TKey> Readers { get; init; }

    public required long RingBytes { get; init; }

    public required ProcessorMeters Meters { get; init; }
}
