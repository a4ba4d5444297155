using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Claims;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Ingest;

/// <summary>
/// Puts events into the ring: claims, looks the key up inside the claim (or before it, and keeps it inside), checks,
/// fills and publishes.
/// </summary>
/// <remarks>
/// Any thread. What is refused takes a slot as well, with the reason, so that it is counted and routed in its place. An
/// event is refused for its time first, then for its measures, then for want of an id for its key.
/// </remarks>
internal sealed unsafe partial class EventWriter<TKey>
    where TKey : notnull
{
    private readonly EventRing _ring;
    private readonly SlotBuffer _slots;
    private readonly KeyTable<TKey> _keys;
    private readonly EventJudge _judge;
    private readonly MeasureDefinition[] _measures;
    private readonly int _filters;
    private readonly bool _isFirstDouble;
    private readonly bool _areDoubles;
    private readonly InlineGathering? _gathering;

    /// <param name="ring">The ring.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="clock">The host's clock.</param>
    /// <param name="rules">What is refused.</param>
    /// <param name="filters">How many filters the host gives bits of.</param>
    public EventWriter(
        EventRing ring, KeyTable<TKey> keys, ProcessingClock clock, PublishRules rules, int filters = 0)
    {
        _ring = ring;
        _gathering = ring.Gathering;
        _slots = ring.Slots;
        _keys = keys;
        _judge = new EventJudge(clock, rules);
        _filters = filters;
        _measures = filters == 0 ? [.. rules.Measures] : [.. rules.Measures, BitsOfFilters(rules.Measures.Count)];
        _isFirstDouble = _measures[0].Type == MeasureType.Double;
        _areDoubles = Array.TrueForAll(_measures, measure => measure.Type == MeasureType.Double);
    }

    public EventRing Ring => _ring;

    public KeyTable<TKey> Keys => _keys;

    /// <summary>How many words an event has: its measures, and the bits of the filters where there are any.</summary>
    public int MeasureCount => _measures.Length;

    private int DeclaredCount => _filters == 0 ? _measures.Length : _measures.Length - 1;

    public void Publish<TReference>(
        scoped TReference key, ushort source, long timestamp, long firstMeasure, ReadOnlySpan<long> furtherMeasures)
        where TReference : struct, IKeyReference<TKey>, allows ref struct
    {
        var seen = key.Seek(_keys);
        if (!TryGather(key, seen, source, timestamp, firstMeasure, furtherMeasures))
            Fill(_ring.Claim(1), key, seen, source, timestamp, firstMeasure, furtherMeasures);
    }

    public bool TryPublish<TReference>(
        scoped TReference key, ushort source, long timestamp, long firstMeasure, ReadOnlySpan<long> furtherMeasures)
        where TReference : struct, IKeyReference<TKey>, allows ref struct
    {
        var seen = key.Seek(_keys);
        if (TryGather(key, seen, source, timestamp, firstMeasure, furtherMeasures))
            return true;
        if (!_ring.TryClaim(1, out var range))
            return false;
        Fill(range, key, seen, source, timestamp, firstMeasure, furtherMeasures);
        return true;
    }

    /// <summary>Publishes by whatever the event names its key.</summary>
    // Inlined to where the form is known, which leaves one of the calls.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(
        scoped EventKey<TKey> key, ushort source, long timestamp, long firstMeasure, ReadOnlySpan<long> furtherMeasures)
    {
        if (key.Form == KeyForm.Key)
            Publish(key.ByKey, source, timestamp, firstMeasure, furtherMeasures);
        else if (key.Form == KeyForm.Handle)
            Publish(key.ByHandle, source, timestamp, firstMeasure, furtherMeasures);
        else if (key.Form == KeyForm.Utf8)
            Publish(key.ByUtf8, source, timestamp, firstMeasure, furtherMeasures);
        else
            Publish(key.ByChars, source, timestamp, firstMeasure, furtherMeasures);
    }

    /// <inheritdoc cref="Publish(EventKey{TKey}, ushort, long, long, ReadOnlySpan{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPublish(
        scoped EventKey<TKey> key, ushort source, long timestamp, long firstMeasure, ReadOnlySpan<long> furtherMeasures)
    {
        if (key.Form == KeyForm.Key)
            return TryPublish(key.ByKey, source, timestamp, firstMeasure, furtherMeasures);
        if (key.Form == KeyForm.Handle)
            return TryPublish(key.ByHandle, source, timestamp, firstMeasure, furtherMeasures);
        return key.Form == KeyForm.Utf8
            ? TryPublish(key.ByUtf8, source, timestamp, firstMeasure, furtherMeasures)
            : TryPublish(key.ByChars, source, timestamp, firstMeasure, furtherMeasures);
    }

    /// <summary>
    /// Publishes the time of an event that a filter took out; where that is refused, a refused event without a key and
    /// without values.
    /// </summary>
    public void PublishFiltered(ushort source, long timestamp)
    {
        var reason = _judge.JudgeTime(ref timestamp);
        var range = _ring.Claim(1);
        if (reason == DropReason.None)
        {
            _ring.PublishAs(range, SlotKind.Filtered, timestamp, source);
            return;
        }

        *_slots.SlotAt(range.First) = new EventSlot
        {
            Kind = SlotKind.Refused,
            Reason = reason,
            TimestampTicks = timestamp,
            Measure = NoValueOf(0),
            KeyId = -1,
            SourceId = source,
        };
        var place = _slots.FurtherMeasuresAt(range.First);
        for (var measure = 1; measure < _measures.Length; measure++)
            place[measure - 1] = NoValueOf(measure);
        _ring.Publish(range);
    }

    /// <summary>Fills one slot of a claim. Where the look-up throws, the slot stays as it was.</summary>
    public void Write<TReference>(
        long sequence,
        scoped TReference key,
        ushort source,
        long timestamp,
        long firstMeasure,
        ReadOnlySpan<long> furtherMeasures)
        where TReference : struct, IKeyReference<TKey>, allows ref struct =>
        Write(sequence, key.Resolve(_keys), source, timestamp, firstMeasure, furtherMeasures);

    private void Write(
        long sequence, int keyId, ushort source, long timestamp, long firstMeasure, ReadOnlySpan<long> furtherMeasures)
    {
        var reason = _judge.JudgeTime(ref timestamp);
        if (_isFirstDouble)
            reason = Normalize(ref firstMeasure, reason);
        var slot = _slots.SlotAt(sequence);
        if (furtherMeasures.Length > 0)
            reason = WriteFurther(_slots.FurtherMeasuresAt(sequence), furtherMeasures, reason);
        if (keyId < 0 && reason == DropReason.None)
            reason = DropReason.KeyLimit;
        slot->TimestampTicks = timestamp;
        slot->Measure = firstMeasure;
        slot->KeyId = keyId;
        slot->SourceId = source;
        slot->Kind = reason == DropReason.None ? SlotKind.Event : SlotKind.Refused;
        slot->Reason = reason;
    }

    /// <summary>The 64 bits of a value for a measure.</summary>
    /// <exception cref="ArgumentException">The measure is an integer and the value is not.</exception>
    public long ToBits(int measure, double value)
    {
        if (_measures[measure].Type == MeasureType.Double)
            return BitConverter.DoubleToInt64Bits(value);
        var whole = (long)value;
        if (whole != value || value >= 9.2233720368547758E18)
            ThrowNotWhole(measure, value);
        return whole;
    }

    /// <summary>The bits of one value for each measure.</summary>
    /// <param name="values">The values.</param>
    /// <param name="bits">Where the bits go: has room for the most measures there may be.</param>
    /// <exception cref="ArgumentException">
    /// A measure is an integer and its value is not, or there are not as many values as measures.
    /// </exception>
    public Span<long> ToBits(scoped ReadOnlySpan<double> values, Span<long> bits)
    {
        ThrowUnlessMeasures(values.Length);
        for (var index = 0; index < values.Length; index++)
            bits[index] = ToBits(index, values[index]);
        return bits[..values.Length];
    }

    /// <summary>The bits of one value for each measure, and behind them those of the filters.</summary>
    /// <param name="values">The values.</param>
    /// <param name="filters">The bits of the filters.</param>
    /// <param name="words">Where they go: has room for one more than the most measures there may be.</param>
    /// <exception cref="ArgumentException">
    /// As for the other; or a bit is that of no filter, or no filter is declared.
    /// </exception>
    public Span<long> ToWords(scoped ReadOnlySpan<double> values, ulong filters, Span<long> words)
    {
        ThrowUnlessWords(values.Length, filters);
        for (var index = 0; index < values.Length; index++)
            words[index] = ToBits(index, values[index]);
        words[values.Length] = (long)filters;
        return words[.._measures.Length];
    }

    /// <inheritdoc cref="ToWords(ReadOnlySpan{double}, ulong, Span{long})"/>
    /// <param name="measureBits">The bits of the measures.</param>
    /// <param name="filters">The bits of the filters.</param>
    /// <param name="words">Where they go: has room for one more than the most measures there may be.</param>
    public Span<long> ToWords(scoped ReadOnlySpan<long> measureBits, ulong filters, Span<long> words)
    {
        ThrowUnlessWords(measureBits.Length, filters);
        measureBits.CopyTo(words);
        words[measureBits.Length] = (long)filters;
        return words[.._measures.Length];
    }

    /// <summary>The bits of the one value that an event without further measures has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ToSingleBits(double value)
    {
        if (_measures.Length == 1 && _isFirstDouble)
            return BitConverter.DoubleToInt64Bits(value);
        if (_measures.Length != 1)
            ThrowMeasureCount(1);
        return ToBits(0, value);
    }

    public void ThrowUnlessMeasures(int count)
    {
        if (count != _measures.Length || _filters > 0)
            ThrowMeasureCount(count);
    }

    private void ThrowUnlessWords(int count, ulong filters)
    {
        if (_filters == 0)
            ThrowNoFilters(filters);
        if (count != DeclaredCount)
            ThrowMeasureCount(count);
        if (_filters < SlotLayout.MostFilters && filters >> _filters != 0)
            ThrowNoSuchFilter(filters);
    }

    /// <summary>
    /// Leaves a plain event in a slot where it waits for others; false, with nothing done, where it cannot.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryGather<TReference>(
        scoped TReference key,
        SeenKey seen,
        ushort source,
        long timestamp,
        long firstMeasure,
        ReadOnlySpan<long> furtherMeasures)
        where TReference : struct, IKeyReference<TKey>, allows ref struct
    {
        if (_gathering is not { } gathering || !gathering.TryEnter(timestamp, source, out var sequence))
            return false;

        // Nothing of this throws.
        var isFilled = !_ring.IsClosed && Plain(source).TryFill(
            _slots.SlotAt(sequence),
            _slots.FurtherMeasuresAt(sequence),
            key.Keep(_keys, seen),
            timestamp,
            firstMeasure,
            furtherMeasures);
        gathering.Leave(isFilled);
        return isFilled;
    }

    private void Fill<TReference>(
        SequenceRange range,
        scoped TReference key,
        SeenKey seen,
        ushort source,
        long timestamp,
        long firstMeasure,
        ReadOnlySpan<long> furtherMeasures)
        where TReference : struct, IKeyReference<TKey>, allows ref struct
    {
        // Nothing of this throws.
        var slot = _slots.SlotAt(range.First);
        var place = _slots.FurtherMeasuresAt(range.First);
        var keyId = key.Keep(_keys, seen);
        if (Plain(source).TryFill(slot, place, keyId, timestamp, firstMeasure, furtherMeasures))
        {
            _ring.Publish(range);
            return;
        }

        FillWithCare(range, key, keyId, source, timestamp, firstMeasure, furtherMeasures);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillWithCare<TReference>(
        SequenceRange range,
        scoped TReference key,
        int keyId,
        ushort source,
        long timestamp,
        long firstMeasure,
        ReadOnlySpan<long> furtherMeasures)
        where TReference : struct, IKeyReference<TKey>, allows ref struct
    {
        // The user's own hash code, equality or clock may throw: then a void slot is published.
        *_slots.SlotAt(range.First) = new EventSlot { Kind = SlotKind.Void };
        try
        {
            if (keyId < 0)
                keyId = key.Resolve(_keys);
            Write(range.First, keyId, source, timestamp, firstMeasure, furtherMeasures);
        }
        catch
        {
            _ring.Controls.Figures.CountWithoutEvent(1);
            throw;
        }
        finally
        {
            _ring.Publish(range);
        }
    }

    private long NoValueOf(int measure) =>
        _measures[measure].Type == MeasureType.Double ? BitConverter.DoubleToInt64Bits(double.NaN) : 0;

    private DropReason Normalize(ref long bits, DropReason reason)
    {
        return EventJudge.TryNormalize(ref bits) || !_judge.RejectsNonFinite || reason != DropReason.None
            ? reason
            : DropReason.NotFinite;
    }

    private DropReason WriteFurther(long* place, ReadOnlySpan<long> measures, DropReason reason)
    {
        for (var i = 0; i < measures.Length; i++)
        {
            var bits = measures[i];
            if (_measures[i + 1].Type == MeasureType.Double)
                reason = Normalize(ref bits, reason);
            place[i] = bits;
        }

        return reason;
    }

    [DoesNotReturn]
    private void ThrowNotWhole(int measure, double value) => throw new ArgumentException(
        $"The measure '{_measures[measure].Name}' is a 64-bit integer and {value} is not; publish whole numbers, or "
        + "declare the measure as double.",
        nameof(value));

    [DoesNotReturn]
    private void ThrowMeasureCount(int count)
    {
        var names = string.Join(", ", Array.ConvertAll(_measures[..DeclaredCount], measure => measure.Name));
        throw new ArgumentException(
            count == DeclaredCount
                ? $"The processor declares {_filters} filter(s), and the event comes without their bits; publish it "
                    + "with the overload that takes them, as measures in a span and then the bits."
                : $"The event has {count} measure(s) and the processor declares {DeclaredCount}: {names}; publish one "
                    + "value for each.",
            nameof(count));
    }

    [DoesNotReturn]
    private static void ThrowNoFilters(ulong filters) => throw new ArgumentException(
        $"The event comes with the bits 0x{filters:X} of filters, and the processor declares none; declare them with "
        + "Filter(name), or publish without the bits.",
        nameof(filters));

    [DoesNotReturn]
    private void ThrowNoSuchFilter(ulong filters) => throw new ArgumentException(
        $"The bits of the filters are 0x{filters:X}, and the processor declares {_filters}; bit 0 is that of the "
        + "first one declared.",
        nameof(filters));

    private static MeasureDefinition BitsOfFilters(int index) => new("filters", index, MeasureType.Int64);
}
