using DisruptorStream.Building;
using DisruptorStream.Building.Streams;
using DisruptorStream.Ingest.Fields;

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

    /// <summary>
    /// Events are published as the host's own type, whose members are marked as time, key and measures: no selector is
    /// written, and none runs.
    /// </summary>
    /// <typeparam name="TEvent">
    /// A partial type with <see cref="StreamEventAttribute"/>, in a project that references the package
    /// DisruptorStream.Generators.
    /// </typeparam>
    /// <exception cref="ArgumentException">
    /// Two measures or two keys have one name, or there are too many: only where the type was not generated.
    /// </exception>
    public static MarkedEventsStep<TEvent> ForStreamEvents<TEvent>()
        where TEvent : IStreamEvent<TEvent> => MarkedEventsStep<TEvent>.Of(TEvent.DescribeFields());
}
