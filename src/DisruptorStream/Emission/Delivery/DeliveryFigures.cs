namespace DisruptorStream.Emission.Delivery;

/// <summary>What was delivered: to every sink, and into the buffer where it is fed.</summary>
internal struct DeliveryFigures
{
    /// <summary>Panes, without the retractions.</summary>
    public long ResultsEmitted;

    public long Retractions;

    /// <summary>Dropped events handed to the dropped-event sinks.</summary>
    public long DroppedRouted;
}
