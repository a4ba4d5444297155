namespace DisruptorStream.Building;

/// <summary>The step that says what the key of an event is.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
public sealed class TypedEventsStep<TEvent>
{
    internal TypedEventsStep()
    {
    }

    /// <summary>Groups events by a key.</summary>
    /// <typeparam name="TKey">A string, an integer, an enum, a Guid, or any type that equals by value.</typeparam>
    /// <param name="key">Reads the key; called on the publisher's thread, once for each event.</param>
    public EventTimeStep<TEvent, TKey> KeyBy<TKey>(Func<TEvent, TKey> key)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        return new EventTimeStep<TEvent, TKey>(key);
    }
}
