namespace DisruptorStream.Emission.Delivery;

/// <summary>What was delivered: to every sink, and into the buffer where it is fed.</summary>
internal struct DeliveryFigures
{
    /// <summary>Panes, without the retractions.</summary>
    public long ResultsEmitted;

    public long Retractions;

    /// <summary>The number of the last result that was delivered; 0 for none. Those before it were, too.</summary>
    public long LastNumber;

    /// <summary>Dropped events handed to the dropped-event sinks.</summary>
    public long DroppedRouted;

    /// <summary>The number of the last dropped event that came by, also where no sink asks for them.</summary>
    public long DroppedNumber;
}
