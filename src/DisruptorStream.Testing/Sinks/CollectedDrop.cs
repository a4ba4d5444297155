using System.Globalization;
using DisruptorStream.Events;

namespace DisruptorStream.Testing.Sinks;

/// <summary>A copy of a dropped event, which stays valid.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <param name="Key">The event's key; the type's default when <paramref name="HasKey"/> is false.</param>
/// <param name="HasKey">False when the event was refused before its key was kept.</param>
/// <param name="TimestampTicks">The event's time, in ticks of 100 ns since the Unix epoch.</param>
/// <param name="Value">The first measure as a double; 0 without a measure.</param>
/// <param name="Reason">Why the event was dropped.</param>
/// <param name="Sequence">The sequence of the event in the ring.</param>
public sealed record CollectedDrop<TKey>(
    TKey? Key, bool HasKey, long TimestampTicks, double Value, DropReason Reason, long Sequence)
{
    /// <summary>Reason, key, time and value, for messages.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Reason}: key {(HasKey ? Key : "(none)")} at {TimestampTicks} ticks, value {Value}");
}
