using DisruptorStream.Building.Planning;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest;
using DisruptorStream.Messages;

namespace DisruptorStream.Building;

/// <summary>The step that says when an event happened.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class EventTimeStep<TEvent, TKey>
    where TKey : notnull
{
    private readonly Func<TEvent, TKey> _key;

    internal EventTimeStep(Func<TEvent, TKey> key) => _key = key;

    /// <summary>Takes the time of an event from a date.</summary>
    /// <param name="time">Reads the time; called on the publisher's thread, once for each event.</param>
    public MeasuresStep<TEvent, TKey> EventTime(Func<TEvent, DateTimeOffset> time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return EventTime(published => KeyedPublisher<TKey>.TicksOf(time(published)));
    }

    /// <summary>Takes the time of an event from a whole number of a unit, such as milliseconds since 1970.</summary>
    /// <param name="time">Reads the number; called on the publisher's thread, once for each event.</param>
    /// <param name="unit">What it counts.</param>
    /// <remarks>A number that is too large is refused as <see cref="DropReason.TimestampOutOfRange"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The unit is none of those there are.</exception>
    public MeasuresStep<TEvent, TKey> EventTime(Func<TEvent, long> time, EventTimeUnit unit)
    {
        ArgumentNullException.ThrowIfNull(time);
        return OptionGuard.Defined(unit, nameof(unit)) == EventTimeUnit.Ticks
            ? EventTime(time)
            : EventTime(published => Events.EventTime.From(time(published), unit));
    }

    /// <summary>Takes the time of an event from ticks of 100 ns since the Unix epoch.</summary>
    /// <param name="ticks">Reads the ticks; called on the publisher's thread, once for each event.</param>
    public MeasuresStep<TEvent, TKey> EventTime(Func<TEvent, long> ticks)
    {
        ArgumentNullException.ThrowIfNull(ticks);
        return new MeasuresStep<TEvent, TKey>(new EventProjection<TEvent, TKey>(_key, ticks), MeasureList.Empty);
    }
}
