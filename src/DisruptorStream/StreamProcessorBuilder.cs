using DisruptorStream.Building;

namespace DisruptorStream;

/// <summary>
/// The way to a processor. Each step offers what may come next, so that the compiler checks the order.
/// </summary>
public static class StreamProcessorBuilder
{
    /// <summary>Events are published as key, timestamp and measures.</summary>
    /// <typeparam name="TKey">A string, an integer, an enum, a Guid, or any type that equals by value.</typeparam>
    public static KeyedEventsStep<TKey> ForKeys<TKey>()
        where TKey : notnull => new();

    /// <summary>
    /// Events are published as the host's own type, of which selectors read key, timestamp and measures.
    /// </summary>
    /// <typeparam name="TEvent">Any type; it never travels through the ring.</typeparam>
    public static TypedEventsStep<TEvent> For<TEvent>() => new();
}
