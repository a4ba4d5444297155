using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Gating;
using DisruptorStream.Emission.Pumping;

namespace DisruptorStream.Topology.Queries;

/// <summary>What a query gets from its host beside its plan: where its results go.</summary>
internal sealed record QueryServices<TKey>
    where TKey : notnull
{
    public IReadOnlyList<SinkRegistration<IResultSink<TKey>>> Sinks { get; init; } = [];

    public IReadOnlyList<SinkRegistration<IDroppedEventSink<TKey>>> DroppedEventSinks { get; init; } = [];

    public IReadOnlyList<AsyncSinkRegistration<TKey>> AsyncSinks { get; init; } = [];

    /// <summary>Holds results back until they may go; null for nothing of the kind.</summary>
    public DeliveryGate? Gate { get; init; }

    /// <summary>How many results the stream of results holds.</summary>
    public required int ResultBufferSize { get; init; }
}
