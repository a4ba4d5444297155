using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Claims;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Ingest.Streams;

/// <summary>
/// Puts events of a stream into the ring: claims, finds the ids of their keys inside the claim, fills.
/// </summary>
/// <remarks>
/// Any thread. An event is refused for its time: then no query has it. For what is missing of keys and measures, each
/// query that reads it refuses it, and the slot says that somebody has to look.
/// </remarks>
internal sealed unsafe partial class StreamWriter<TEvent>
{
    // As many threads may publish at once, and nested selectors, without an allocation.
    private const int MostIdleBlocks = 32;

    private readonly SlotBuffer _slots;
    private readonly EventJudge _judge;
    private readonly SlotLayout _layout;
    private readonly bool[] _areDoubles;
    private readonly bool _areAllDoubles;
    private readonly InlineGathering? _gathering;
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
        _gathering = ring.Gathering;
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

    /// <summary>Whether events carry bits of filters.</summary>
    public bool HasFilters => _layout.Filters > 0;

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

    /// <summary>Publishes events of a stream with one key and no filters.</summary>
    /// <param name="keys">The keys; none is null.</param>
    /// <param name="table">Finds their ids.</param>
    /// <param name="times">The times.</param>
    /// <param name="measures">The bits of the measures, all of one event in a row.</param>
    /// <param name="source">Whose events they are.</param>
    /// <param name="waits">Whether it waits while the ring is full.</param>
    /// <param name="done">How many are published: also where it throws.</param>
    public void Publish<TKey>(
        ReadOnlySpan<TKey> keys,
        KeyTable<TKey> table,
        ReadOnlySpan<long> times,
        ReadOnlySpan<long> measures,
        ushort source,
        bool waits,
        ref int done)
        where TKey : notnull
    {
        while (done < keys.Length)
        {
            SequenceRange range;
            if (waits)
                range = Ring.Claim(keys.Length - done);
            else if (!Ring.TryClaim(keys.Length - done, out range))
                return;
            Fill(range, keys, table, times, measures, ref done, source);
        }
    }

    /// <summary>Publishes the one event that was read; waits while the ring is full.</summary>
    public void PublishOne(StreamBlock<TEvent> block, ushort source)
    {
        if (!TryGather(block, source))
            FillOne(Ring.Claim(1), block, source);
    }

    /// <summary>Publishes the one event that was read, if there is room.</summary>
    public bool TryPublishOne(StreamBlock<TEvent> block, ushort source)
    {
        if (TryGather(block, source))
            return true;
        if (!Ring.TryClaim(1, out var range))
            return false;
        FillOne(range, block, source);
        return true;
    }

    /// <summary>Takes the ring for one event that may wait for others; <see cref="EndGather"/> leaves it.</summary>
    /// <param name="ticks">The event's time.</param>
    /// <param name="source">Whose event it is.</param>
    /// <param name="sequence">The slot to fill.</param>
    /// <returns>False, with nothing done, where the event must take the ordinary way.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryBeginGather(long ticks, ushort source, out long sequence)
    {
        sequence = 0;
        return _gathering is { } gathering && !Ring.IsClosed && gathering.TryEnter(ticks, source, out sequence);
    }

    /// <summary>Leaves the ring.</summary>
    /// <param name="isFilled">Whether the slot is filled, and waits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndGather(bool isFilled) => _gathering!.Leave(isFilled);

    /// <summary>
    /// Fills and publishes a claim of one slot, where the layout has one key; false, with nothing done, where the event
    /// needs a closer look. Never throws before it publishes.
    /// </summary>
    /// <param name="range">The slot.</param>
    /// <param name="keyId">The id of the key, valid for the claim; below 0 where it is not known.</param>
    /// <param name="ticks">The time.</param>
    /// <param name="measures">The bits of the measures.</param>
    /// <param name="filters">The bits of the filters.</param>
    /// <param name="source">Whose event it is.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPublishPlain(
        SequenceRange range, int keyId, long ticks, ReadOnlySpan<long> measures, ulong filters, ushort source)
    {
        if (!TryFillPlain(range.First, keyId, ticks, measures, filters, source))
            return false;
        Ring.Publish(range);
        return true;
    }

    /// <summary>Fills a slot; false, with nothing done, where the event needs a closer look. Does not throw.</summary>
    /// <param name="sequence">The slot.</param>
    /// <param name="keyId">As of <see cref="TryPublishPlain"/>.</param>
    /// <param name="ticks">The time.</param>
    /// <param name="measures">The bits of the measures.</param>
    /// <param name="filters">The bits of the filters.</param>
    /// <param name="source">Whose event it is.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFillPlain(
        long sequence, int keyId, long ticks, ReadOnlySpan<long> measures, ulong filters, ushort source)
    {
        var words = _slots.FurtherMeasuresAt(sequence);
        if (!TryFillPlain(_slots.SlotAt(sequence), words, keyId, ticks, measures, Plain(source)))
            return false;
        if (_layout.Filters > 0)
            words[_layout.FilterWord] = (long)filters;
        return true;
    }

    /// <summary>Fills and publishes a claim of one slot with the event that a block was given.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void PublishWithCare(SequenceRange range, StreamBlock<TEvent> block, ushort source)
    {
        var done = 0;
        Fill(range, block, ref done, source);
    }
}
