namespace DisruptorStream.Slots;

/// <summary>Slots of the engine that found no room, to be published when there is some.</summary>
/// <remarks>Any thread.</remarks>
internal interface IPendingSlots
{
    /// <summary>Whether none waits.</summary>
    bool IsEmpty { get; }

    /// <summary>Publishes as many as there is room for. Never waits; does not throw at an end.</summary>
    void Publish(EventRing ring);
}
