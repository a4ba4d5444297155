using System.Runtime.InteropServices;

namespace DisruptorStream.Ingest;

/// <summary>
/// An event with one measure, ready to be published with many others:
/// <see cref="KeyedPublisher{TKey}.Publish(ReadOnlySpan{KeyedEvent})"/>.
/// </summary>
/// <remarks>
/// 24 bytes, of the processor that made the key handle. The handle must not be disposed before the event is published:
/// publishing one of a key that nobody pins any more is refused, also when another key has got its id meanwhile.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly struct KeyedEvent : IEquatable<KeyedEvent>
{
    /// <summary>Makes an event.</summary>
    /// <param name="key">The key.</param>
    /// <param name="timestampTicks">
    /// Event time in ticks of 100 ns since the Unix epoch; ignored under processing time.
    /// </param>
    /// <param name="value">The measure. Minus zero is taken for zero.</param>
    /// <exception cref="ObjectDisposedException">The handle was disposed.</exception>
    public KeyedEvent(KeyHandle key, long timestampTicks, double value)
    {
        ArgumentNullException.ThrowIfNull(key);
        TimestampTicks = timestampTicks;
        Value = value;
        KeyId = key.IdOrThrow(out var stamp);
        Stamp = stamp;
    }

    /// <inheritdoc cref="KeyedEvent(KeyHandle, long, double)" path="/summary|/exception"/>
    /// <param name="key">The key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="value">The measure. Minus zero is taken for zero.</param>
    public KeyedEvent(KeyHandle key, DateTimeOffset timestamp, double value)
        : this(key, timestamp.UtcTicks - DateTime.UnixEpoch.Ticks, value)
    {
    }

    /// <summary>Event time in ticks of 100 ns since the Unix epoch.</summary>
    public long TimestampTicks { get; }

    /// <summary>The measure.</summary>
    public double Value { get; }

    internal int KeyId { get; }

    /// <summary>Which key of which processor has the id; 0 for none.</summary>
    internal int Stamp { get; }

    /// <summary>Whether two events are the same in every part.</summary>
    public static bool operator ==(KeyedEvent left, KeyedEvent right) => left.Equals(right);

    /// <summary>Whether two events differ in some part.</summary>
    public static bool operator !=(KeyedEvent left, KeyedEvent right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(KeyedEvent other) => TimestampTicks == other.TimestampTicks
        && Value.Equals(other.Value)
        && KeyId == other.KeyId
        && Stamp == other.Stamp;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is KeyedEvent other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TimestampTicks, Value, KeyId, Stamp);
}
