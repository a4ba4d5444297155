using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Durable;
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

    /// <summary>What the sinks go through once.</summary>
    public SinkLife Life { get; init; } = new();

    /// <summary>Whether results go nowhere: they are made for their numbers alone.</summary>
    public bool IsShadow { get; init; }

    /// <summary>Holds results back until they may go; null for nothing of the kind.</summary>
    public DeliveryGate? Gate { get; init; }

    /// <summary>How many results the stream of results holds.</summary>
    public required int ResultBufferSize { get; init; }
}
