namespace DisruptorStream.Events;

/// <summary>Events outside of the ring: in the publisher's memory, in the form of slots.</summary>
/// <param name="View">The events, all accepted.</param>
/// <param name="Source">The source of them all; what the slots say in its place is the publisher's.</param>
/// <param name="Timestamps">The earliest and the latest.</param>
internal readonly record struct AcceptedEvents(EventView View, ushort Source, TimestampRange Timestamps);
