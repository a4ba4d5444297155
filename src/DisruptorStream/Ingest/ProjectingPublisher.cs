using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Ingest.Fields;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Ingest;

/// <summary>The publisher of the host's own events, which knows the type of their keys.</summary>
internal sealed class ProjectingPublisher<TEvent, TKey> : EventPublisher<TEvent>
    where TKey : notnull
{
    private readonly EventWriter<TKey> _writer;
    private readonly FieldReader<TEvent, TKey> _fields;
    private readonly int _measureCount;

    /// <param name="name">The source's name.</param>
    /// <param name="writer">Puts events into the ring.</param>
    /// <param name="registry">The sources.</param>
    /// <param name="fields">Reads the events.</param>
    public ProjectingPublisher(
        string name, EventWriter<TKey> writer, SourceRegistry registry, FieldReader<TEvent, TKey> fields)
        : base(name, writer.Ring, registry)
    {
        _writer = writer;
        _fields = fields;
        _measureCount = writer.MeasureCount;
    }

    public override void Publish(in TEvent published)
    {
        Span<long> measures = stackalloc long[MeasureLimit.Count];
        var key = Project(published, out var ticks, measures);
        _writer.Publish(
            new KeyReference.ByKey<TKey>(key), SourceId, ticks, measures[0], measures[1.._measureCount]);
    }

    public override bool TryPublish(in TEvent published)
    {
        Span<long> measures = stackalloc long[MeasureLimit.Count];
        var key = Project(published, out var ticks, measures);
        return _writer.TryPublish(
            new KeyReference.ByKey<TKey>(key), SourceId, ticks, measures[0], measures[1.._measureCount]);
    }

    /// <summary>
    /// Reads all events before the first is claimed: selectors may take their time, throw, or publish themselves.
    /// </summary>
    private protected override bool PublishSeveral(ReadOnlySpan<TEvent> published, bool waits, ref int done)
    {
        Unsafe.SkipInit(out KeyBlock block);
        Span<TKey> keys = block;
        Span<long> timestamps = stackalloc long[BlockEvents];
        Span<long> measures = stackalloc long[BlockEvents * _measureCount];
        var projected = 0;
        var hasNone = false;
        ExceptionDispatchInfo? failure = null;
        ThrowIfDisposed();
        try
        {
            _fields.ReadAll(published, keys!, timestamps, measures, ref hasNone, ref projected);
        }
        catch (Exception thrown)
        {
            failure = ExceptionDispatchInfo.Capture(thrown);
        }

        if (hasNone && CountWithKey(keys[..projected]) is var count && count < projected)
        {
            projected = count;
            failure = ExceptionDispatchInfo.Capture(NoKey(nameof(published)));
        }

        // As for a single event.
        ThrowIfDisposed();
        var taken = 0;
        try
        {
            if (waits)
                _writer.Publish(keys[..projected], timestamps, measures, SourceId, ref taken);
            else
                _writer.PublishWhileRoom(keys[..projected], timestamps, measures, SourceId, ref taken);
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

    private TKey Project(in TEvent published, out long ticks, Span<long> measures)
    {
        ThrowIfDisposed();
        var key = _fields.Read(in published, measures, out ticks);
        if (!typeof(TKey).IsValueType && key is null)
            throw NoKey(nameof(published));

        // A selector, or another thread, may have disposed the publisher: its number may be another's by now.
        ThrowIfDisposed();
        return key!;
    }

    /// <summary>How many events there are before the first without a key.</summary>
    private static int CountWithKey(ReadOnlySpan<TKey> keys)
    {
        var count = 0;
        while (count < keys.Length && keys[count] is not null)
            count++;
        return count;
    }

    private static ArgumentException NoKey(string parameter) => new(
        "The key of the event is null; give events without a key a key of their own.", parameter);

    [InlineArray(BlockEvents)]
    private struct KeyBlock
    {
        private TKey _first;
    }
}
