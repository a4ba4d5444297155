using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Claims;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Rings;

namespace DisruptorStream.Ingest.Streams;

/// <content>Fills the slots of claims.</content>
internal sealed unsafe partial class StreamWriter<TEvent>
{
    private void FillOne(SequenceRange range, StreamBlock<TEvent> block, ushort source)
    {
        // Nothing of this throws.
        if (TryFillOne(range.First, block, source))
            Ring.Publish(range);
        else
            PublishWithCare(range, block, source);
    }

    /// <summary>Leaves a plain event where it waits for others; false, with nothing done, where it cannot.</summary>
    private bool TryGather(StreamBlock<TEvent> block, ushort source)
    {
        if (!TryBeginGather(block.Ticks[0], source, out var sequence))
            return false;
        var isFilled = TryFillOne(sequence, block, source);
        EndGather(isFilled);
        return isFilled;
    }

    private bool TryFillOne(long sequence, StreamBlock<TEvent> block, ushort source)
    {
        var slot = _slots.SlotAt(sequence);
        var words = _slots.FurtherMeasuresAt(sequence);
        return block.TryKeepOne()
            && TryFillPlain(
                slot, words, block.IdsOf(0)[0], block.Ticks[0], block.Measures[.._areDoubles.Length], Plain(source))
            && FillBeside(words, block, first: 0, count: 1);
    }

    /// <summary>What fills slots of a claim with plain events.</summary>
    private PlainEvents Plain(ushort source) => new(_judge.FirstTicks, _judge.CountPlainTimes(), source);

    /// <summary>Fills a slot, and the measures beside it; false where the event needs a closer look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFillPlain(
        EventSlot* slot, long* words, int keyId, long ticks, ReadOnlySpan<long> measures, PlainEvents plain)
    {
        if (_areAllDoubles)
            return plain.TryFill(slot, words, keyId, ticks, measures[0], measures[1..]);
        if (!plain.Takes(keyId, ticks) || !FillMeasures(slot, words, measures))
            return false;
        plain.Fill(slot, keyId, ticks);
        return true;
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
                var hasFurther = FillBeside(_slots.FurtherMeasuresAt(range.First), block, first, resolved);
                var columns = new StreamColumns(
                    block.IdsOf(0)[..resolved], block.Ticks[first..], block.Measures[(first * _areDoubles.Length)..]);
                FillAll(range.First, columns, hasFurther ? null : block, source, ref filled);
            }
        }
        finally
        {
            EndFill(range, filled, ref done);
        }
    }

    private void Fill<TKey>(
        SequenceRange range,
        ReadOnlySpan<TKey> keys,
        KeyTable<TKey> table,
        ReadOnlySpan<long> times,
        ReadOnlySpan<long> measures,
        ref int done,
        ushort source)
        where TKey : notnull
    {
        Span<int> ids = stackalloc int[StreamBlock<TEvent>.MostEvents];
        var (first, filled) = (done, 0);
        try
        {
            var resolved = 0;
            try
            {
                table.InternAll(keys.Slice(first, range.Count), ids, out resolved);
            }
            finally
            {
                var columns = new StreamColumns(
                    ids[..resolved], times[first..], measures[(first * _areDoubles.Length)..]);
                FillAll(range.First, columns, lacking: null, source, ref filled);
            }
        }
        finally
        {
            EndFill(range, filled, ref done);
        }
    }

    /// <summary>
    /// Publishes a claim. The user's own hash code, equality or clock may have thrown: what is not filled becomes void.
    /// Inline, a stage may fail in the call that publishes: the events are in all the same.
    /// </summary>
    private void EndFill(SequenceRange range, int filled, ref int done)
    {
        Ring.Controls.VoidRest(range, filled);
        done += filled;
        Ring.Publish(range);
    }

    /// <summary>Fills slots of a claim, whose ids are found.</summary>
    /// <param name="sequence">The first slot.</param>
    /// <param name="columns">What was read.</param>
    /// <param name="lacking">Where further ids are looked up, as some are missing; null where none is.</param>
    /// <param name="source">Whose events they are.</param>
    /// <param name="filled">How many are filled: also where the user's clock throws.</param>
    private void FillAll(
        long sequence, StreamColumns columns, StreamBlock<TEvent>? lacking, ushort source, ref int filled)
    {
        // A claim does not cross the wrap.
        var slot = _slots.SlotAt(sequence);
        var words = _slots.FurtherMeasuresAt(sequence);
        var plain = lacking is null ? Plain(source) : default;
        while (true)
        {
            var place = words + ((long)filled * _layout.FurtherWords);
            var ids = columns.Ids[filled..];
            var times = columns.Times[filled..];
            var measures = columns.Measures[(filled * _areDoubles.Length)..];
            filled += FillPlain(slot + filled, place, ids, times, measures, plain);
            if (filled == columns.Ids.Length)
                return;
            FillWithCare(
                slot + filled, words + ((long)filled * _layout.FurtherWords), columns, lacking, filled, source);
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
            var ofEvent = measures.Slice(index * perEvent, perEvent);
            if (!TryFillPlain(slot, words, ids[index], times[index], ofEvent, plain))
                break;
        }

        return index;
    }

    /// <summary>Fills one slot with all that an event may be refused for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillWithCare(
        EventSlot* slot, long* words, StreamColumns columns, StreamBlock<TEvent>? lacking, int index, ushort source)
    {
        var ticks = columns.Times[index];
        var reason = _judge.JudgeTime(ref ticks);
        var isWhole = FillMeasures(
            slot, words, columns.Measures.Slice(index * _areDoubles.Length, _areDoubles.Length));
        isWhole &= columns.Ids[index] >= 0;
        for (var column = 1; lacking is not null && column < _layout.Keys; column++)
            isWhole &= lacking.IdsOf(column)[index] >= 0;
        slot->KeyId = columns.Ids[index];
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
