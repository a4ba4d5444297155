namespace DisruptorStream.Emission;

/// <summary>Receives the events that entered no window, one by one, with the reason (the side output).</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Called by the one emitting thread, never concurrently, in the order of the events and in order with the results: a
/// dropped event comes before the results of its own sequence. Nothing is allocated for it. A sink that throws is
/// treated as its <see cref="SinkFailurePolicy"/> says. Beside its events it is told what every <see cref="ISink"/> is
/// told.
/// </remarks>
public interface IDroppedEventSink<TKey> : ISink
{
    /// <summary>Handles a dropped event.</summary>
    /// <param name="dropped">Valid during the call only; copy what must be kept.</param>
    void OnDropped(in DroppedEvent<TKey> dropped);
}
