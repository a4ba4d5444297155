using DisruptorStream.Building.Planning;
using DisruptorStream.Ingest;

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

    /// <summary>Takes the time of an event from ticks of 100 ns since the Unix epoch.</summary>
    /// <param name="ticks">Reads the ticks; called on the publisher's thread, once for each event.</param>
    public MeasuresStep<TEvent, TKey> EventTime(Func<TEvent, long> ticks)
    {
        ArgumentNullException.ThrowIfNull(ticks);
        return new MeasuresStep<TEvent, TKey>(new EventProjection<TEvent, TKey>(_key, ticks, []), MeasureList.Empty);
    }
}
