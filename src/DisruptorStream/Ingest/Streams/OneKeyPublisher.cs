using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Ingest.Fields;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Rings;

namespace DisruptorStream.Ingest.Streams;

/// <summary>
/// The publisher of a stream whose events have one key: a single event is read to the stack, and no block is needed
/// where it is a plain one.
/// </summary>
internal sealed class OneKeyPublisher<TEvent, TKey> : StreamPublisher<TEvent>
    where TKey : notnull
{
    private readonly StreamProjection<TEvent> _projection;
    private readonly FieldReader<TEvent, TKey> _fields;
    private readonly KeyTable<TKey> _table;
    private readonly int _measureCount;

    /// <param name="name">The source's name.</param>
    /// <param name="writer">Puts events into the ring.</param>
    /// <param name="registry">The sources.</param>
    /// <param name="projection">Has the filters.</param>
    /// <param name="fields">Reads key, time and measures.</param>
    /// <param name="table">The keys.</param>
    public OneKeyPublisher(
        string name,
        StreamWriter<TEvent> writer,
        SourceRegistry registry,
        StreamProjection<TEvent> projection,
        FieldReader<TEvent, TKey> fields,
        KeyTable<TKey> table)
        : base(name, writer, registry)
    {
        _projection = projection;
        _fields = fields;
        _table = table;
        _measureCount = projection.MeasureCount;
    }

    public override void Publish(in TEvent published)
    {
        Span<long> measures = stackalloc long[MeasureLimit.Count];
        measures = measures[.._measureCount];
        var key = Read(in published, measures, out var ticks, out var filters, out var seen);
        if (!TryGather(key, seen, ticks, measures, filters))
            Fill(Writer.Ring.Claim(1), key, seen, ticks, measures, filters);
    }

    public override bool TryPublish(in TEvent published)
    {
        Span<long> measures = stackalloc long[MeasureLimit.Count];
        measures = measures[.._measureCount];
        var key = Read(in published, measures, out var ticks, out var filters, out var seen);
        if (TryGather(key, seen, ticks, measures, filters))
            return true;
        if (!Writer.Ring.TryClaim(1, out var range))
            return false;
        Fill(range, key, seen, ticks, measures, filters);
        return true;
    }

    /// <inheritdoc/>
    private protected override bool PublishSeveral(ReadOnlySpan<TEvent> published, bool waits, ref int done)
    {
        if (Writer.HasFilters)
            return base.PublishSeveral(published, waits, ref done);
        Unsafe.SkipInit(out KeyBlock block);
        Span<TKey?> keys = block;
        Span<long> times = stackalloc long[BlockEvents];
        Span<long> measures = stackalloc long[BlockEvents * _measureCount];
        var projected = 0;
        ExceptionDispatchInfo? failure = null;
        ThrowIfDisposed();
        var hasNone = false;
        try
        {
            _fields.ReadAll(published, keys, times, measures, ref hasNone, ref projected);
        }
        catch (Exception thrown)
        {
            failure = ExceptionDispatchInfo.Capture(thrown);
        }

        // As for a single event.
        ThrowIfDisposed();
        var taken = 0;
        try
        {
            if (hasNone)
                PublishWithNone(keys[..projected], times, measures, waits, ref taken);
            else
                Writer.Publish(keys[..projected]!, _table, times, measures, SourceId, waits, ref taken);
        }
        finally
        {
            done += taken;
        }

        // Where the room has ended before, the event that failed is not reached yet: it is read again.
        if (taken == projected)
            failure?.Throw();
        return taken == published.Length;
    }

    /// <summary>Publishes events of which some have no key.</summary>
    private void PublishWithNone(
        ReadOnlySpan<TKey?> keys, ReadOnlySpan<long> times, ReadOnlySpan<long> measures, bool waits, ref int taken)
    {
        var block = Writer.Rent();
        try
        {
            block.Take(keys, times, measures);
            if (waits)
                Writer.Publish(block, SourceId, ref taken);
            else
                Writer.PublishWhileRoom(block, SourceId, ref taken);
        }
        finally
        {
            Writer.Return(block);
        }
    }

    /// <summary>
    /// Runs all selectors, and looks for the key, outside of any claim. What they or a user's hash code throw, the
    /// caller gets.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TKey? Read(
        in TEvent published, Span<long> measures, out long ticks, out ulong filters, out SeenKey seen)
    {
        ThrowIfDisposed();
        var key = _fields.Read(in published, measures, out ticks);
        filters = _projection.FiltersOf(in published);
        seen = IsNone(key) ? default : _table.Seek(key!);

        // A selector, or another thread, may have disposed the publisher: its number may be another's by now.
        ThrowIfDisposed();
        return key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill(
        SequenceRange range, TKey? key, SeenKey seen, long ticks, ReadOnlySpan<long> measures, ulong filters)
    {
        // Nothing of this throws before the slot is published.
        if (!Writer.TryPublishPlain(range, Keep(key, seen), ticks, measures, filters, SourceId))
            FillWithCare(range, key, ticks, measures, filters);
    }

    /// <summary>Leaves a plain event where it waits for others; false, with nothing done, where it cannot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryGather(TKey? key, SeenKey seen, long ticks, ReadOnlySpan<long> measures, ulong filters)
    {
        if (!Writer.TryBeginGather(ticks, SourceId, out var sequence))
            return false;

        // Nothing of this throws.
        var isFilled = Writer.TryFillPlain(sequence, Keep(key, seen), ticks, measures, filters, SourceId);
        Writer.EndGather(isFilled);
        return isFilled;
    }

    /// <summary>The id of the key inside a claim; below 0 where it is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Keep(TKey? key, SeenKey seen) =>
        seen.IsFound ? _table.Keep(seen) : IsNone(key) ? -1 : _table.FindDirectly(key!);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillWithCare(SequenceRange range, TKey? key, long ticks, ReadOnlySpan<long> measures, ulong filters)
    {
        var block = Writer.Rent();
        try
        {
            block.Take(ticks, measures, filters, key);
            Writer.PublishWithCare(range, block, SourceId);
        }
        finally
        {
            Writer.Return(block);
        }
    }

    // Asking a value for null boxes it where the code is not optimized yet.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNone(TKey? key) => !typeof(TKey).IsValueType && key is null;

    [InlineArray(BlockEvents)]
    private struct KeyBlock
    {
        private TKey? _first;
    }
}
