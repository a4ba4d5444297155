namespace DisruptorStream.Events;

/// <summary>What becomes of an event with a NaN or an infinite measure.</summary>
public enum NonFinitePolicy
{
    /// <summary>The whole event is refused, counted and routed to the dropped events. The default.</summary>
    RejectEvent = 0,

    /// <summary>The event counts, but that measure of it is skipped by every aggregate, and counted apart.</summary>
    IgnoreMeasure,
}
