using DisruptorStream.Building.Planning;
using DisruptorStream.Building.Streams;
using DisruptorStream.Events;
using DisruptorStream.Messages;

namespace DisruptorStream.Building;

/// <summary>The step that says what the key of an event is.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
public sealed class TypedEventsStep<TEvent>
{
    internal TypedEventsStep()
    {
    }

    /// <summary>
    /// Begins a stream with several queries: takes the time of an event from a date. Keys and measures follow.
    /// </summary>
    /// <param name="time">Reads the time; called on the publisher's thread, once for each event.</param>
    public StreamEventsStep<TEvent> EventTime(Func<TEvent, DateTimeOffset> time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return EventTime(published => time(published).UtcTicks - DateTime.UnixEpoch.Ticks);
    }

    /// <summary>Takes the time of an event from a whole number of a unit, such as milliseconds since 1970.</summary>
    /// <param name="time">Reads the number; called on the publisher's thread, once for each event.</param>
    /// <param name="unit">What it counts.</param>
    /// <remarks>A number that is too large is refused as <see cref="DropReason.TimestampOutOfRange"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The unit is none of those there are.</exception>
    public StreamEventsStep<TEvent> EventTime(Func<TEvent, long> time, EventTimeUnit unit)
    {
        ArgumentNullException.ThrowIfNull(time);
        return OptionGuard.Defined(unit, nameof(unit)) == EventTimeUnit.Ticks
            ? EventTime(time)
            : EventTime(published => Events.EventTime.From(time(published), unit));
    }

    /// <summary>
    /// Begins a stream with several queries: takes the time of an event from ticks of 100 ns since the Unix epoch. Keys
    /// and measures follow.
    /// </summary>
    /// <param name="ticks">Reads the ticks; called on the publisher's thread, once for each event.</param>
    public StreamEventsStep<TEvent> EventTime(Func<TEvent, long> ticks)
    {
        ArgumentNullException.ThrowIfNull(ticks);
        return new(new StreamDefinition<TEvent> { Ticks = ticks });
    }

    /// <summary>Groups events by a key, for a processor with one query.</summary>
    /// <typeparam name="TKey">A string, an integer, an enum, a Guid, or any type that equals by value.</typeparam>
    /// <param name="key">Reads the key; called on the publisher's thread, once for each event.</param>
    public EventTimeStep<TEvent, TKey> KeyBy<TKey>(Func<TEvent, TKey> key)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        return new EventTimeStep<TEvent, TKey>(key);
    }
}
