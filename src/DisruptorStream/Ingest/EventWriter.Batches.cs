using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Claims;
using DisruptorStream.Rings;

namespace DisruptorStream.Ingest;

/// <content>Many events at a time.</content>
internal sealed unsafe partial class EventWriter<TKey>
{
    /// <summary>The most events in a claim whose keys are looked up together.</summary>
    public const int BlockEvents = 256;

    private const int ClaimEvents = 1024;

    // The events that follow come nearer while these are worked on. Beyond the end it does no harm.
    private const int PrefetchBytes = 4096;
    private const int EventsAhead = 42;

    /// <summary>What fills slots of a claim with plain events.</summary>
    public PlainEvents Plain(ushort source) => new(_judge.FirstTicks, PlainTimestamps(), source);

    /// <summary>Publishes all events, in claims that stay in the nearest cache; waits while the ring is full.</summary>
    public void Publish(ReadOnlySpan<KeyedEvent> events, ushort source)
    {
        ThrowUnlessMeasures(1);
        var done = 0;
        try
        {
            while (done < events.Length)
                PublishPart(_ring.Claim(Math.Min(ClaimEvents, events.Length - done)), events, source, ref done);
        }
        catch (Exception failure)
        {
            PublishedCount.Note(failure, done);
            throw;
        }
    }

    /// <summary>As the other, but ends where the ring is full.</summary>
    /// <param name="events">The events.</param>
    /// <param name="source">Whose they are.</param>
    /// <param name="done">How many of them are published: also where it throws.</param>
    public void PublishWhileRoom(ReadOnlySpan<KeyedEvent> events, ushort source, ref int done)
    {
        ThrowUnlessMeasures(1);
        while (done < events.Length && _ring.TryClaim(Math.Min(ClaimEvents, events.Length - done), out var range))
            PublishPart(range, events, source, ref done);
    }

    /// <summary>Publishes events whose parts lie beside each other, the measures of each in a row.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="timestamps">The times.</param>
    /// <param name="measures">The measures.</param>
    /// <param name="source">Whose the events are.</param>
    /// <param name="done">How many of them are published: also where it throws.</param>
    public void Publish(
        ReadOnlySpan<TKey> keys,
        ReadOnlySpan<long> timestamps,
        ReadOnlySpan<long> measures,
        ushort source,
        ref int done)
    {
        while (done < keys.Length)
        {
            var range = _ring.Claim(Math.Min(BlockEvents, keys.Length - done));
            PublishPart(range, keys, knownIds: default, timestamps, measures, source, ref done);
        }
    }

    /// <summary>As the other, of keys whose ids are known and stay theirs; an id below 0 is that of no key.</summary>
    public void PublishKnown(
        ReadOnlySpan<int> ids, ReadOnlySpan<long> timestamps, ReadOnlySpan<long> measures, ushort source)
    {
        var done = 0;
        try
        {
            while (done < ids.Length)
            {
                var range = _ring.Claim(Math.Min(BlockEvents, ids.Length - done));
                PublishPart(range, keys: default, ids, timestamps, measures, source, ref done);
            }
        }
        catch (Exception failure)
        {
            PublishedCount.Note(failure, done);
            throw;
        }
    }

    /// <summary>As the other, but ends where the ring is full.</summary>
    /// <inheritdoc cref="Publish(ReadOnlySpan{TKey}, ReadOnlySpan{long}, ReadOnlySpan{long}, ushort, ref int)"
    /// path="/param"/>
    public void PublishWhileRoom(
        ReadOnlySpan<TKey> keys,
        ReadOnlySpan<long> timestamps,
        ReadOnlySpan<long> measures,
        ushort source,
        ref int done)
    {
        while (done < keys.Length && _ring.TryClaim(Math.Min(BlockEvents, keys.Length - done), out var range))
            PublishPart(range, keys, knownIds: default, timestamps, measures, source, ref done);
    }

    /// <summary>Publishes a claim with the next events.</summary>
    private void PublishPart(SequenceRange range, ReadOnlySpan<KeyedEvent> events, ushort source, ref int done)
    {
        var claimed = events.Slice(done, range.Count);
        var timestamps = TimestampRange.Empty;
        var inPlace = _ring.TakesInPlace ? CountInPlace(claimed, ref timestamps) : 0;
        var filled = inPlace;
        try
        {
            Fill(range, claimed, source, ref filled);
        }
        finally
        {
            // What is not filled, because an event is unusable or the clock throws, becomes void.
            _ring.Controls.VoidRest(range, filled);
            done += filled;
            Publish(range, claimed[..inPlace], source, timestamps);
        }

        if (filled < range.Count)
            ThrowUnusable(events[done], done);
    }

    /// <summary>As the other; the keys are looked up, or their ids are known and no key is given.</summary>
    private void PublishPart(
        SequenceRange range,
        ReadOnlySpan<TKey> keys,
        ReadOnlySpan<int> knownIds,
        ReadOnlySpan<long> timestamps,
        ReadOnlySpan<long> measures,
        ushort source,
        ref int done)
    {
        var filled = 0;
        try
        {
            var times = timestamps.Slice(done, range.Count);
            var values = measures.Slice(done * MeasureCount, range.Count * MeasureCount);
            if (knownIds.IsEmpty)
                Fill(range.First, keys.Slice(done, range.Count), times, values, source, ref filled);
            else
                Fill(range.First, knownIds.Slice(done, range.Count), times, values, source, ref filled);
        }
        finally
        {
            // The user's own hash code, equality or clock may throw: what is not filled becomes void.
            _ring.Controls.VoidRest(range, filled);
            done += filled;
            _ring.Publish(range);
        }
    }

    /// <summary>Fills slots up to the first event whose key cannot be looked up.</summary>
    private void Fill(
        long sequence,
        ReadOnlySpan<TKey> keys,
        ReadOnlySpan<long> timestamps,
        ReadOnlySpan<long> measures,
        ushort source,
        ref int filled)
    {
        Span<int> ids = stackalloc int[BlockEvents];
        var known = 0;
        try
        {
            _keys.InternAll(keys, ids, out known);
        }
        finally
        {
            Fill(sequence, ids[..known], timestamps, measures, source, ref filled);
        }
    }

    private void Fill(
        long sequence,
        ReadOnlySpan<int> ids,
        ReadOnlySpan<long> timestamps,
        ReadOnlySpan<long> measures,
        ushort source,
        ref int filled)
    {
        var plain = Plain(source);
        for (; filled < ids.Length; filled++)
        {
            var slot = _slots.SlotAt(sequence + filled);
            if (MeasureCount == 1 && plain.HasAny)
            {
                filled += FillPlain(slot, ids[filled..], timestamps[filled..], measures[filled..], plain);
                if (filled == ids.Length)
                    return;
            }

            var ofEvent = measures.Slice(filled * MeasureCount, MeasureCount);
            var further = ofEvent[1..];
            var place = _slots.FurtherMeasuresAt(sequence + filled);
            if (further.IsEmpty || !plain.TryFill(slot, place, ids[filled], timestamps[filled], ofEvent[0], further))
                Write(sequence + filled, ids[filled], source, timestamps[filled], ofEvent[0], further);
        }
    }

    private void Publish(
        SequenceRange range, ReadOnlySpan<KeyedEvent> inPlace, ushort source, TimestampRange timestamps)
    {
        if (inPlace.IsEmpty)
        {
            _ring.Publish(range);
            return;
        }

        fixed (KeyedEvent* events = inPlace)
        {
            // The caller's events go on behind the claim as a rule; where they do not, asking for more does no harm.
            var view = new EventView((EventSlot*)events, null, 0, range.First, inPlace.Length)
            {
                NextBytes = (inPlace.Length + EventsAhead) * EventSlot.SizeBytes,
            };
            _ring.PublishInPlace(range, new AcceptedEvents(view, source, timestamps));
        }
    }

    /// <summary>
    /// How many events, from the first on, say what their slots would and are accepted for sure: blocks of events whose
    /// keys are all below the first that nobody pins, with ordinary times and values.
    /// </summary>
    private int CountInPlace(ReadOnlySpan<KeyedEvent> events, ref TimestampRange timestamps)
    {
        var plain = PlainTimestamps();
        if (plain == 0)
            return 0;
        var bounds = new SlotBounds(
            _judge.FirstTicks, plain, (uint)_keys.Pinned.Owner, (ulong)_keys.Pinned.Prefix, isInput: true);
        fixed (KeyedEvent* first = events)
            return bounds.CountBlocks((EventSlot*)first, events.Length, ref timestamps);
    }

    /// <summary>
    /// Fills the slots of a claim, but for those that are already, up to the first event that cannot be used.
    /// </summary>
    private void Fill(SequenceRange range, ReadOnlySpan<KeyedEvent> events, ushort source, ref int filled)
    {
        if (filled == events.Length)
            return;

        // Read inside the claim, as the pins demand.
        var pinned = _keys.Pinned.Words;
        var later = _keys.Pinned.LaterStamps;
        var plain = Plain(source);
        var slots = _slots.SlotAt(range.First);
        while (true)
        {
            filled += FillPlain(slots + filled, events[filled..], pinned, plain);
            if (filled < events.Length && later.Length > 0)
                filled += FillPlain(slots + filled, events[filled..], pinned, later, plain);
            if (filled == events.Length || !IsUsable(events[filled], pinned, later))
                return;
            Judge(range.First + filled, events[filled], source);
            filled++;
        }
    }

    /// <summary>
    /// Fills slots up to the first event that needs a closer look. It calls nothing and has no exceptions to mind, so
    /// that all it works with stays in registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FillPlain(EventSlot* slot, ReadOnlySpan<KeyedEvent> events, ulong[] pinned, PlainEvents plain)
    {
        var owner = _keys.Pinned.Owner;
        var index = 0;
        for (; index < events.Length; index++, slot++)
        {
            ref readonly var next = ref events[index];
            if (Sse.IsSupported)
                Sse.Prefetch0((byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in next)) + PrefetchBytes);
            var keyId = next.KeyId;
            if (next.Stamp != owner
                || !PinnedIds.IsPinned(pinned, keyId)
                || !plain.TryFill(slot, keyId, next.TimestampTicks, next.Value))
            {
                break;
            }
        }

        return index;
    }

    /// <summary>As the other, also for keys that have the id of an earlier one that was pinned.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FillPlain(
        EventSlot* slot, ReadOnlySpan<KeyedEvent> events, ulong[] pinned, int[] later, PlainEvents plain)
    {
        var index = 0;
        for (; index < events.Length; index++, slot++)
        {
            ref readonly var next = ref events[index];
            if (!IsUsable(next, pinned, later) || !plain.TryFill(slot, next.KeyId, next.TimestampTicks, next.Value))
                break;
        }

        return index;
    }

    /// <summary>As the first, for events whose parts lie beside each other, with ids for their keys.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int FillPlain(
        EventSlot* slot,
        ReadOnlySpan<int> ids,
        ReadOnlySpan<long> timestamps,
        ReadOnlySpan<long> measures,
        PlainEvents plain)
    {
        timestamps = timestamps[..ids.Length];
        measures = measures[..ids.Length];
        var index = 0;
        for (; index < ids.Length; index++, slot++)
        {
            var value = BitConverter.Int64BitsToDouble(measures[index]);
            if (!plain.TryFill(slot, ids[index], timestamps[index], value))
                break;
        }

        return index;
    }

    private bool IsUsable(in KeyedEvent next, ulong[] pinned, int[] later) =>
        next.Stamp == _keys.Pinned.Owner
            ? PinnedIds.IsPinned(pinned, next.KeyId)
            : PinnedIds.IsPinned(later, next.KeyId, next.Stamp);

    /// <summary>Fills a slot with all that an event may be refused for.</summary>
    private void Judge(long sequence, in KeyedEvent next, ushort source)
    {
        var key = new KeyReference.ById<TKey>(next.KeyId);
        Write(sequence, key, source, next.TimestampTicks, ToSingleBits(next.Value), default);
    }

    /// <summary>
    /// How many timestamps from the first possible one on need no closer look; 0 where all do.
    /// </summary>
    private ulong PlainTimestamps() => _areDoubles ? _judge.CountPlainTimes() : 0;

    [DoesNotReturn]
    private void ThrowUnusable(in KeyedEvent unusable, int index)
    {
        const string Disposed = "dispose a handle only after its events have been published";
        var pinned = _keys.Pinned;
        var why = unusable.Stamp == pinned.Owner
            ? $"the handle of its key, with id {unusable.KeyId}, was disposed; {Disposed}"
            : unusable.Stamp != 0 && pinned.LaterStamps.Length > unusable.KeyId
                ? $"its key handle, with id {unusable.KeyId}, was disposed or is of another processor; {Disposed}"
                : "it was made with a key handle of another processor, or with none; get one from the processor that "
                + "you publish to";
        throw new ArgumentException(
            $"The event at index {index} cannot be published: {why}. The {index} events before it were published.",
            nameof(unusable));
    }
}
