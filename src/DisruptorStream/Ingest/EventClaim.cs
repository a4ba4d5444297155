using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Claims;
using DisruptorStream.Rings;

namespace DisruptorStream.Ingest;

/// <summary>Room for several events, claimed at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Add events, then <see cref="Publish"/>; whatever was not filled becomes void. Disposing a claim that was not
/// published gives it up: none of its events is seen. A claim lives on the stack and crosses no await. A copy is the
/// same claim: what one adds, publishes or gives up, the others have added, published or given up.
/// </remarks>
public unsafe ref struct EventClaim<TKey>
    where TKey : notnull
{
    private readonly EventWriter<TKey> _writer;
    private readonly SequenceRange _range;
    private readonly EventSlot* _slots;
    private readonly PlainEvents _plain;
    private readonly ulong[] _directIds;
    private readonly ClaimState? _state;
    private readonly long _firstPlace;
    private readonly ushort _source;

    // How many events of one measure there is room for.
    private readonly int _roomForOne;
    private int _published;

    internal EventClaim(EventWriter<TKey> writer, ushort source, SequenceRange range)
    {
        _writer = writer;
        _source = source;
        _range = range;
        _state = ClaimState.Rent();
        _firstPlace = _state.Next;
        _roomForOne = writer.MeasureCount == 1 ? range.Count : 0;
        _slots = writer.Ring.Slots.SlotAt(range.First);
        _plain = writer.Plain(source);
        _directIds = writer.Keys.DirectSlots;
    }

    /// <summary>How many events the claim has room for: at most what was asked for.</summary>
    public readonly int Capacity => _range.Count;

    /// <summary>How many events were added. Once the claim is done: what this copy of it published.</summary>
    public readonly int Count => IsOpen ? (int)(_state!.Next - _firstPlace) : _published;

    /// <summary>Adds an event with one measure.</summary>
    /// <param name="key">The key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="value">The measure.</param>
    /// <exception cref="InvalidOperationException">The claim is full, or was published or disposed.</exception>
    /// <exception cref="ArgumentException">There is more than one measure, or the value does not suit it.</exception>
    public void Add(TKey key, long timestampTicks, double value)
    {
        if (DirectIds.TryCode(key, out var code)
            && _state is { } state && state.Next - _firstPlace is var place && (ulong)place < (ulong)_roomForOne
            && _plain.TryFill(_slots + place, DirectIds.Find(_directIds, code), timestampTicks, value))
        {
            state.Next = _firstPlace + place + 1;
            return;
        }

        ArgumentNullException.ThrowIfNull(key);
        var sequence = Next();
        var bits = _writer.ToSingleBits(value);
        _writer.Write(sequence, new KeyReference.ByKey<TKey>(key), _source, timestampTicks, bits, default);
        _state!.Next++;
    }

    /// <inheritdoc cref="Add(TKey, long, double)"/>
    public void Add(KeyHandle key, long timestampTicks, double value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_state is { } state && state.Next - _firstPlace is var place && (ulong)place < (ulong)_roomForOne
            && _plain.TryFill(_slots + place, key.IdOrThrow(_writer.Keys), timestampTicks, value))
        {
            state.Next = _firstPlace + place + 1;
            return;
        }

        var sequence = Next();
        var bits = _writer.ToSingleBits(value);
        _writer.Write(sequence, new KeyReference.ByHandle<TKey>(key), _source, timestampTicks, bits, default);
        _state!.Next++;
    }

    /// <inheritdoc cref="Add(TKey, long, double)"/>
    public void Add(ReadOnlySpan<byte> key, long timestampTicks, double value)
    {
        var sequence = Next();
        var bits = _writer.ToSingleBits(value);
        _writer.Write(sequence, new KeyReference.ByUtf8<TKey>(key), _source, timestampTicks, bits, default);
        _state!.Next++;
    }

    /// <summary>Adds an event with the 64 bits of each measure.</summary>
    /// <inheritdoc cref="Add(TKey, long, double)" path="/exception"/>
    /// <param name="key">The key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">As many as there are measures: the bits of a double, or a long, as declared.</param>
    public void AddBits(TKey key, long timestampTicks, scoped ReadOnlySpan<long> measureBits)
    {
        ArgumentNullException.ThrowIfNull(key);
        var sequence = Next();
        _writer.ThrowUnlessMeasures(measureBits.Length);
        var first = measureBits[0];
        var further = measureBits[1..];
        var keyId = DirectIds.TryCode(key, out var code) ? DirectIds.Find(_directIds, code) : -1;
        if (!TryFill(sequence, keyId, timestampTicks, first, further))
            _writer.Write(sequence, new KeyReference.ByKey<TKey>(key), _source, timestampTicks, first, further);
        _state!.Next++;
    }

    /// <inheritdoc cref="AddBits(TKey, long, ReadOnlySpan{long})"/>
    public void AddBits(KeyHandle key, long timestampTicks, scoped ReadOnlySpan<long> measureBits)
    {
        ArgumentNullException.ThrowIfNull(key);
        var sequence = Next();
        _writer.ThrowUnlessMeasures(measureBits.Length);
        var first = measureBits[0];
        var further = measureBits[1..];
        if (!TryFill(sequence, key.IdOrThrow(_writer.Keys), timestampTicks, first, further))
            _writer.Write(sequence, new KeyReference.ByHandle<TKey>(key), _source, timestampTicks, first, further);
        _state!.Next++;
    }

    /// <inheritdoc cref="AddBits(TKey, long, ReadOnlySpan{long})"/>
    public void AddBits(ReadOnlySpan<byte> key, long timestampTicks, scoped ReadOnlySpan<long> measureBits)
    {
        var sequence = Next();
        _writer.ThrowUnlessMeasures(measureBits.Length);
        _writer.Write(
            sequence, new KeyReference.ByUtf8<TKey>(key), _source, timestampTicks, measureBits[0], measureBits[1..]);
        _state!.Next++;
    }

    /// <summary>Publishes what was added.</summary>
    /// <exception cref="InvalidOperationException">It was published or disposed before.</exception>
    /// <exception cref="ProcessorStoppedException">The processor was aborted; none of the events is taken.</exception>
    /// <exception cref="PipelineException">A stage has failed; none of the events is taken.</exception>
    public void Publish()
    {
        if (!IsOpen)
            ThrowDone();
        _published = Count;
        End();
        _writer.Ring.PublishClaim(_range, _published);
    }

    /// <summary>Gives the claim up, unless it was published: its slots become void.</summary>
    public void Dispose()
    {
        if (!IsOpen)
            return;
        End();
        _writer.Ring.DropClaim(_range);
    }

    private readonly bool TryFill(
        long sequence, int keyId, long timestampTicks, long firstMeasure, scoped ReadOnlySpan<long> furtherMeasures) =>
        _plain.TryFill(
            _slots + (sequence - _range.First),
            _writer.Ring.Slots.FurtherMeasuresAt(sequence),
            keyId,
            timestampTicks,
            firstMeasure,
            furtherMeasures);

    private readonly bool IsOpen =>
        _state is not null && (ulong)(_state.Next - _firstPlace) <= (ulong)_range.Count;

    private readonly void End() => _state!.End(_firstPlace + _range.Count + 1);

    private readonly long Next()
    {
        if (!IsOpen)
            ThrowDone();
        if (Count == _range.Count)
            ThrowFull();
        return _range.First + Count;
    }

    [DoesNotReturn]
    private static void ThrowDone() => throw new InvalidOperationException(
        "The claim was published or disposed; claim anew for further events.");

    [DoesNotReturn]
    private readonly void ThrowFull() => throw new InvalidOperationException(
        $"The claim has room for {_range.Count} events, which may be fewer than asked for, and is full; publish it "
        + "and claim anew for the rest.");
}
