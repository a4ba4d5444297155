namespace DisruptorStream.Emission.Delivery;

/// <summary>What was delivered.</summary>
internal struct DeliveryFigures
{
    /// <summary>Panes, without the retractions.</summary>
    public long ResultsEmitted;

    public long Retractions;

    /// <summary>Dropped events handed to the dropped-event sinks.</summary>
    public long DroppedRouted;

    /// <summary>Batches of results.</summary>
    public long Batches;
}
