using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
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
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="value">The measure.</param>
    /// <exception cref="InvalidOperationException">
    /// The claim is full, or was published or disposed; or the key is a text, and the keys are not strings.
    /// </exception>
    /// <exception cref="ArgumentException">There is more than one measure, or the value does not suit it.</exception>
    // Inlined to where the form of the key is known, which leaves one of the calls.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(scoped EventKey<TKey> key, long timestampTicks, double value)
    {
        key.ThrowIfNull();
        if (key.Form == KeyForm.Key)
            AddPlain(key.Key, timestampTicks, value);
        else if (key.Form == KeyForm.Handle)
            AddPlain(key.Handle, timestampTicks, value);
        else if (key.Form == KeyForm.Utf8)
            AddSingle(key.ByUtf8, timestampTicks, value);
        else
            AddSingle(key.ByChars, timestampTicks, value);
    }

    /// <inheritdoc cref="Add(EventKey{TKey}, long, double)" path="/summary|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time.</param>
    /// <param name="value">The measure.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(scoped EventKey<TKey> key, DateTimeOffset timestamp, double value) =>
        Add(key, KeyedPublisher<TKey>.TicksOf(timestamp), value);

    /// <summary>Adds an event with one value for each measure, in the order in which they were declared.</summary>
    /// <inheritdoc cref="Add(EventKey{TKey}, long, double)" path="/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    public void Add(scoped EventKey<TKey> key, long timestampTicks, scoped ReadOnlySpan<double> measures)
    {
        Next();
        Span<long> bits = stackalloc long[MeasureLimit.Count];
        AddBits(key, timestampTicks, _writer.ToBits(measures, bits));
    }

    /// <inheritdoc cref="Add(EventKey{TKey}, long, ReadOnlySpan{double})" path="/summary|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    public void Add(scoped EventKey<TKey> key, DateTimeOffset timestamp, scoped ReadOnlySpan<double> measures) =>
        Add(key, KeyedPublisher<TKey>.TicksOf(timestamp), measures);

    /// <summary>Adds an event with the 64 bits of each measure.</summary>
    /// <inheritdoc cref="Add(EventKey{TKey}, long, double)" path="/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">As many as there are measures: the bits of a double, or a long, as declared.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddBits(scoped EventKey<TKey> key, long timestampTicks, scoped ReadOnlySpan<long> measureBits)
    {
        key.ThrowIfNull();
        if (key.Form == KeyForm.Key)
            AddAll(key.Key, timestampTicks, measureBits);
        else if (key.Form == KeyForm.Handle)
            AddAll(key.Handle, timestampTicks, measureBits);
        else if (key.Form == KeyForm.Utf8)
            AddAll(key.ByUtf8, keyId: -1, timestampTicks, measureBits, Next());
        else
            AddAll(key.ByChars, keyId: -1, timestampTicks, measureBits, Next());
    }

    /// <inheritdoc cref="AddBits(EventKey{TKey}, long, ReadOnlySpan{long})" path="/summary|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time.</param>
    /// <param name="measureBits">As many as there are measures: the bits of a double, or a long, as declared.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddBits(scoped EventKey<TKey> key, DateTimeOffset timestamp, scoped ReadOnlySpan<long> measureBits) =>
        AddBits(key, KeyedPublisher<TKey>.TicksOf(timestamp), measureBits);

    /// <summary>Adds an event with one value for each measure, and the bits of the filters.</summary>
    /// <inheritdoc cref="Add(EventKey{TKey}, long, double)" path="/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    public void Add(
        scoped EventKey<TKey> key, long timestampTicks, scoped ReadOnlySpan<double> measures, ulong filters)
    {
        Next();
        Span<long> words = stackalloc long[MeasureLimit.Count + 1];
        AddWords(key, timestampTicks, _writer.ToWords(measures, filters, words));
    }

    /// <inheritdoc cref="Add(EventKey{TKey}, long, ReadOnlySpan{double}, ulong)" path="/summary|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    public void Add(
        scoped EventKey<TKey> key, DateTimeOffset timestamp, scoped ReadOnlySpan<double> measures, ulong filters) =>
        Add(key, KeyedPublisher<TKey>.TicksOf(timestamp), measures, filters);

    /// <summary>Adds an event with the 64 bits of each measure, and those of the filters.</summary>
    /// <inheritdoc cref="Add(EventKey{TKey}, long, double)" path="/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">As many as there are measures: the bits of a double, or a long, as declared.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    public void AddBits(
        scoped EventKey<TKey> key, long timestampTicks, scoped ReadOnlySpan<long> measureBits, ulong filters)
    {
        Next();
        Span<long> words = stackalloc long[MeasureLimit.Count + 1];
        AddWords(key, timestampTicks, _writer.ToWords(measureBits, filters, words));
    }

    /// <inheritdoc cref="AddBits(EventKey{TKey}, long, ReadOnlySpan{long}, ulong)" path="/summary|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time.</param>
    /// <param name="measureBits">As many as there are measures: the bits of a double, or a long, as declared.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    public void AddBits(
        scoped EventKey<TKey> key, DateTimeOffset timestamp, scoped ReadOnlySpan<long> measureBits, ulong filters) =>
        AddBits(key, KeyedPublisher<TKey>.TicksOf(timestamp), measureBits, filters);

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

    private void AddPlain(TKey key, long timestampTicks, double value)
    {
        if (DirectIds.TryCode(key, out var code)
            && _state is { } state && state.Next is var next && next - _firstPlace is var place
            && (ulong)place < (ulong)_roomForOne
            && _plain.TryFill(_slots + place, DirectIds.Find(_directIds, code), timestampTicks, value))
        {
            // Not from the place: the next event waits for this sum.
            state.Next = next + 1;
            return;
        }

        AddSingle(new KeyReference.ByKey<TKey>(key), timestampTicks, value);
    }

    private void AddPlain(KeyHandle key, long timestampTicks, double value)
    {
        if (_state is { } state && state.Next is var next && next - _firstPlace is var place
            && (ulong)place < (ulong)_roomForOne
            && _plain.TryFill(_slots + place, key.IdOrThrow(_writer.Keys), timestampTicks, value))
        {
            state.Next = next + 1;
            return;
        }

        AddSingle(new KeyReference.ByHandle<TKey>(key), timestampTicks, value);
    }

    // A call of its own: the short ways above are inlined to each caller, once for each form of a key.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddSingle<TReference>(scoped TReference key, long timestampTicks, double value)
        where TReference : struct, IKeyReference<TKey>, allows ref struct
    {
        var sequence = Next();
        var bits = _writer.ToSingleBits(value);
        _writer.Write(sequence, key, _source, timestampTicks, bits, default);
        _state!.Next++;
    }

    private void AddAll(TKey key, long timestampTicks, scoped ReadOnlySpan<long> measureBits)
    {
        var sequence = Next();
        var keyId = DirectIds.TryCode(key, out var code) ? DirectIds.Find(_directIds, code) : -1;
        AddAll(new KeyReference.ByKey<TKey>(key), keyId, timestampTicks, measureBits, sequence);
    }

    private void AddAll(KeyHandle key, long timestampTicks, scoped ReadOnlySpan<long> measureBits)
    {
        var sequence = Next();
        var keyId = key.IdOrThrow(_writer.Keys);
        AddAll(new KeyReference.ByHandle<TKey>(key), keyId, timestampTicks, measureBits, sequence);
    }

    private void AddAll<TReference>(
        scoped TReference key, int keyId, long timestampTicks, scoped ReadOnlySpan<long> measureBits, long sequence)
        where TReference : struct, IKeyReference<TKey>, allows ref struct
    {
        _writer.ThrowUnlessMeasures(measureBits.Length);
        var first = measureBits[0];
        var further = measureBits[1..];
        if (!TryFill(sequence, keyId, timestampTicks, first, further))
            _writer.Write(sequence, key, _source, timestampTicks, first, further);
        _state!.Next++;
    }

    private void AddWords(scoped EventKey<TKey> key, long timestampTicks, scoped ReadOnlySpan<long> words)
    {
        key.ThrowIfNull();
        var (sequence, first) = (Next(), words[0]);
        if (key.Form == KeyForm.Key)
            _writer.Write(sequence, key.ByKey, _source, timestampTicks, first, words[1..]);
        else if (key.Form == KeyForm.Handle)
            _writer.Write(sequence, key.ByHandle, _source, timestampTicks, first, words[1..]);
        else if (key.Form == KeyForm.Utf8)
            _writer.Write(sequence, key.ByUtf8, _source, timestampTicks, first, words[1..]);
        else
            _writer.Write(sequence, key.ByChars, _source, timestampTicks, first, words[1..]);
        _state!.Next++;
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
