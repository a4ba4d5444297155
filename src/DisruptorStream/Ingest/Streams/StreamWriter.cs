using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Claims;
using DisruptorStream.Rings;
using DisruptorStream.Slots;

namespace DisruptorStream.Ingest.Streams;

/// <summary>
/// Puts events of a stream into the ring: claims, finds the ids of their keys inside the claim, fills.
/// </summary>
/// <remarks>
/// Any thread. An event is refused for its time: then no query has it. For what is missing of keys and measures, each
/// query that reads it refuses it, and the slot says that somebody has to look.
/// </remarks>
internal sealed unsafe class StreamWriter<TEvent>
{
    // As many threads may publish at once, and nested selectors, without an allocation.
    private const int MostIdleBlocks = 32;

    private readonly SlotBuffer _slots;
    private readonly EventJudge _judge;
    private readonly SlotLayout _layout;
    private readonly bool[] _areDoubles;
    private readonly bool _areAllDoubles;
    private readonly IdlePool<StreamBlock<TEvent>> _blocks;
    private readonly Func<int, StreamBlock<TEvent>> _newBlock;

    /// <param name="ring">The ring.</param>
    /// <param name="clock">The host's clock.</param>
    /// <param name="rules">What is refused.</param>
    /// <param name="layout">Where the words of an event lie.</param>
    /// <param name="newBlock">Makes a block for a number of events.</param>
    public StreamWriter(
        EventRing ring,
        ProcessingClock clock,
        PublishRules rules,
        SlotLayout layout,
        Func<int, StreamBlock<TEvent>> newBlock)
    {
        Ring = ring;
        _slots = ring.Slots;
        _judge = new EventJudge(clock, rules);
        _layout = layout;
        MeasureDefinition[] measures = [.. rules.Measures];
        _areDoubles = Array.ConvertAll(measures, measure => measure.Type == MeasureType.Double);
        _areAllDoubles = !Array.Exists(_areDoubles, isDouble => !isDouble);
        _newBlock = newBlock;
        _blocks = new IdlePool<StreamBlock<TEvent>>(
            MostIdleBlocks, () => newBlock(StreamBlock<TEvent>.MostEvents));
    }

    public EventRing Ring { get; }

    /// <summary>A block for one call; to be given back.</summary>
    public StreamBlock<TEvent> Rent() => _blocks.Rent();

    /// <summary>A block for one event at a time, which the caller keeps.</summary>
    public StreamBlock<TEvent> NewSingle() => _newBlock(1);

    /// <summary>Gives a block back.</summary>
    public void Return(StreamBlock<TEvent> block)
    {
        block.Clear();
        _blocks.Return(block);
    }

    /// <summary>Publishes what was read; waits while the ring is full.</summary>
    /// <param name="block">What was read.</param>
    /// <param name="source">Whose events they are.</param>
    /// <param name="done">How many are published: also where it throws.</param>
    public void Publish(StreamBlock<TEvent> block, ushort source, ref int done)
    {
        while (done < block.Count)
            Fill(Ring.Claim(block.Count - done), block, ref done, source);
    }

    /// <summary>As <see cref="Publish"/>, for as long as there is room.</summary>
    public void PublishWhileRoom(StreamBlock<TEvent> block, ushort source, ref int done)
    {
        while (done < block.Count && Ring.TryClaim(block.Count - done, out var range))
            Fill(range, block, ref done, source);
    }

    /// <summary>Publishes the one event that was read; waits while the ring is full.</summary>
    public void PublishOne(StreamBlock<TEvent> block, ushort source) => FillOne(Ring.Claim(1), block, source);

    /// <summary>Publishes the one event that was read, if there is room.</summary>
    public bool TryPublishOne(StreamBlock<TEvent> block, ushort source)
    {
        if (!Ring.TryClaim(1, out var range))
            return false;
        FillOne(range, block, source);
        return true;
    }

    private void FillOne(SequenceRange range, StreamBlock<TEvent> block, ushort source)
    {
        // Nothing of this throws.
        var ticks = block.Ticks[0];
        if ((ulong)(ticks - _judge.FirstTicks) < _judge.CountPlainTimes() && block.TryKeepOne())
        {
            var slot = _slots.SlotAt(range.First);
            var words = _slots.FurtherMeasuresAt(range.First);
            var areFinite = FillMeasures(slot, words, block.Measures[.._areDoubles.Length]);
            FillBeside(words, block, first: 0, count: 1);
            slot->TimestampTicks = ticks;
            slot->SetAccepted(block.IdsOf(0)[0], source);
            if (!areFinite)
                slot->Kind = SlotKind.Partial;
            Ring.Publish(range);
            return;
        }

        var done = 0;
        Fill(range, block, ref done, source);
    }

    private void Fill(SequenceRange range, StreamBlock<TEvent> block, ref int done, ushort source)
    {
        var (first, filled) = (done, 0);
        try
        {
            var resolved = 0;
            try
            {
                block.Resolve(first, range.Count, out resolved);
            }
            finally
            {
                FillAll(range.First, block, first, resolved, source, ref filled);
            }
        }
        finally
        {
            // The user's own hash code, equality or clock may throw: what is not filled becomes void.
            // Inline, a stage may fail in the call that publishes: the events are in all the same.
            Ring.Controls.VoidRest(range, filled);
            done += filled;
            Ring.Publish(range);
        }
    }

    /// <summary>Fills slots of a claim, whose ids are found.</summary>
    /// <param name="sequence">The first slot.</param>
    /// <param name="block">What was read.</param>
    /// <param name="first">The first event.</param>
    /// <param name="count">How many.</param>
    /// <param name="source">Whose events they are.</param>
    /// <param name="filled">How many are filled: also where the user's clock throws.</param>
    private void FillAll(
        long sequence, StreamBlock<TEvent> block, int first, int count, ushort source, ref int filled)
    {
        // A claim does not cross the wrap.
        var slot = _slots.SlotAt(sequence);
        var words = _slots.FurtherMeasuresAt(sequence);
        var plain = FillBeside(words, block, first, count)
            ? new PlainEvents(_judge.FirstTicks, _judge.CountPlainTimes(), source)
            : default;
        while (true)
        {
            var next = first + filled;
            var ids = block.IdsOf(0)[filled..count];
            var times = block.Ticks.Slice(next, ids.Length);
            var measures = block.Measures[(next * _areDoubles.Length)..];
            var place = words + ((long)filled * _layout.FurtherWords);
            filled += _areAllDoubles
                ? FillPlainDoubles(slot + filled, place, ids, times, measures, plain)
                : FillPlain(slot + filled, place, ids, times, measures, plain);
            if (filled == count)
                return;
            FillWithCare(slot + filled, words + ((long)filled * _layout.FurtherWords), block, first, filled, source);
            filled++;
        }
    }

    /// <summary>
    /// Fills what lies beside slots behind the measures: further key ids, and filters. Returns whether each event has
    /// an id for each further key.
    /// </summary>
    private bool FillBeside(long* words, StreamBlock<TEvent> block, int first, int count)
    {
        var furtherWords = _layout.FurtherWords;
        if (_layout.Filters > 0)
        {
            var place = words + _layout.FilterWord;
            foreach (var filters in block.Filters.Slice(first, count))
            {
                *place = (long)filters;
                place += furtherWords;
            }
        }

        var lowest = 0;
        for (var column = 1; column < _layout.Keys; column++)
        {
            var place = (int*)(words + _layout.KeyWord) + (column - 1);
            foreach (var id in block.IdsOf(column)[..count])
            {
                *place = id;
                lowest = Math.Min(lowest, id);
                place += furtherWords * (sizeof(long) / sizeof(int));
            }
        }

        return lowest >= 0;
    }

    /// <summary>
    /// Fills slots up to the first event that needs a closer look. It calls nothing and has no exceptions to mind, so
    /// that all it works with stays in registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FillPlainDoubles(
        EventSlot* slot,
        long* words,
        ReadOnlySpan<int> ids,
        ReadOnlySpan<long> times,
        ReadOnlySpan<long> measures,
        PlainEvents plain)
    {
        var (perEvent, furtherWords) = (_areDoubles.Length, _layout.FurtherWords);
        times = times[..ids.Length];
        var index = 0;
        for (; index < ids.Length; index++, slot++, words += furtherWords)
        {
            var ofEvent = measures.Slice(index * perEvent, perEvent);
            if (!plain.TryFill(slot, words, ids[index], times[index], ofEvent[0], ofEvent[1..]))
                break;
        }

        return index;
    }

    /// <summary>As the other, where some measures are integers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FillPlain(
        EventSlot* slot,
        long* words,
        ReadOnlySpan<int> ids,
        ReadOnlySpan<long> times,
        ReadOnlySpan<long> measures,
        PlainEvents plain)
    {
        var (perEvent, furtherWords) = (_areDoubles.Length, _layout.FurtherWords);
        times = times[..ids.Length];
        var index = 0;
        for (; index < ids.Length; index++, slot++, words += furtherWords)
        {
            if (!plain.Takes(ids[index], times[index])
                || !FillMeasures(slot, words, measures.Slice(index * perEvent, perEvent)))
            {
                break;
            }

            plain.Fill(slot, ids[index], times[index]);
        }

        return index;
    }

    /// <summary>Fills one slot with all that an event may be refused for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillWithCare(
        EventSlot* slot, long* words, StreamBlock<TEvent> block, int first, int index, ushort source)
    {
        var ticks = block.Ticks[first + index];
        var reason = _judge.JudgeTime(ref ticks);
        var isWhole = FillMeasures(
            slot, words, block.Measures.Slice((first + index) * _areDoubles.Length, _areDoubles.Length));
        for (var column = 0; column < _layout.Keys; column++)
            isWhole &= block.IdsOf(column)[index] >= 0;
        slot->KeyId = block.IdsOf(0)[index];
        slot->TimestampTicks = ticks;
        slot->SourceId = source;
        slot->Reason = reason;
        slot->Kind = reason != DropReason.None ? SlotKind.Refused : isWhole ? SlotKind.Event : SlotKind.Partial;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool FillMeasures(EventSlot* slot, long* words, ReadOnlySpan<long> measures)
    {
        var areDoubles = _areDoubles.AsSpan(0, measures.Length);
        var bits = measures[0];
        var areFinite = !areDoubles[0] || EventJudge.TryNormalize(ref bits);
        slot->Measure = bits;
        for (var measure = 1; measure < measures.Length; measure++)
        {
            bits = measures[measure];
            if (areDoubles[measure])
                areFinite &= EventJudge.TryNormalize(ref bits);
            words[measure - 1] = bits;
        }

        return areFinite || !_judge.RejectsNonFinite;
    }
}
