using System.Runtime.CompilerServices;
using DisruptorStream.Events;

namespace DisruptorStream.Ingest.Claims;

/// <summary>
/// Fills slots with plain events: those with a key that has an id, an ordinary time and finite measures, all of them
/// doubles, which are accepted without a closer look.
/// </summary>
/// <remarks>Made inside a claim, and good for it.</remarks>
internal readonly unsafe struct PlainEvents
{
    private const long DoubleExponent = 0x7FF0_0000_0000_0000;

    private readonly long _first;
    private readonly ulong _count;
    private readonly ushort _source;

    /// <param name="first">The first ordinary time.</param>
    /// <param name="count">How many there are from that on; 0 where no event is plain.</param>
    /// <param name="source">Whose events they are.</param>
    public PlainEvents(long first, ulong count, ushort source)
    {
        _first = first;
        _count = count;
        _source = source;
    }

    /// <summary>Whether any event is plain.</summary>
    public bool HasAny => _count > 0;

    /// <summary>Whether the bits of a double say that it is infinite or no number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNotFinite(long bits) => (bits & DoubleExponent) == DoubleExponent;

    /// <summary>Whether key and time are those of a plain event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Takes(int keyId, long timestamp) => keyId >= 0 && (ulong)(timestamp - _first) < _count;

    /// <summary>Fills all of a slot but its measure, for an event that is plain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill(EventSlot* slot, int keyId, long timestamp)
    {
        slot->TimestampTicks = timestamp;
        slot->SetAccepted(keyId, _source);
    }

    /// <summary>Fills a slot; returns false, and leaves it as it is, where the event is not plain.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="keyId">The id of the key; below 0 where it is not known.</param>
    /// <param name="timestamp">Event time in ticks.</param>
    /// <param name="value">The only measure.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFill(EventSlot* slot, int keyId, long timestamp, double value)
    {
        // Minus zero becomes zero here.
        var bits = BitConverter.DoubleToInt64Bits(value + 0.0);
        if (!Takes(keyId, timestamp) || IsNotFinite(bits))
            return false;
        slot->Measure = bits;
        Fill(slot, keyId, timestamp);
        return true;
    }

    /// <summary>As the other, with the bits of any number of measures.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="place">Where its measures go, but for the first; written to even if it returns false.</param>
    /// <param name="keyId">The id of the key; below 0 where it is not known.</param>
    /// <param name="timestamp">Event time in ticks.</param>
    /// <param name="firstMeasure">The first measure.</param>
    /// <param name="furtherMeasures">The others.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFill(
        EventSlot* slot,
        long* place,
        int keyId,
        long timestamp,
        long firstMeasure,
        scoped ReadOnlySpan<long> furtherMeasures)
    {
        for (var index = 0; index < furtherMeasures.Length; index++)
        {
            var bits = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(furtherMeasures[index]) + 0.0);
            if (IsNotFinite(bits))
                return false;
            place[index] = bits;
        }

        return TryFill(slot, keyId, timestamp, BitConverter.Int64BitsToDouble(firstMeasure));
    }
}
