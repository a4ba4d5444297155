using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Ingest;

/// <summary>The publisher of the host's own events, which knows the type of their keys.</summary>
internal sealed class ProjectingPublisher<TEvent, TKey> : EventPublisher<TEvent>
    where TKey : notnull
{
    private readonly EventWriter<TKey> _writer;
    private readonly EventProjection<TEvent, TKey> _projection;

    public ProjectingPublisher(
        string name, EventWriter<TKey> writer, SourceRegistry registry, EventProjection<TEvent, TKey> projection)
        : base(name, writer.Ring, registry)
    {
        _writer = writer;
        _projection = projection;
    }

    public override void Publish(in TEvent published)
    {
        Span<long> measures = stackalloc long[MeasureLimit.Count];
        var key = Project(published, out var ticks, measures);
        _writer.Publish(
            new KeyReference.ByKey<TKey>(key), SourceId, ticks, measures[0], measures[1.._projection.MeasureCount]);
    }

    public override bool TryPublish(in TEvent published)
    {
        Span<long> measures = stackalloc long[MeasureLimit.Count];
        var key = Project(published, out var ticks, measures);
        return _writer.TryPublish(
            new KeyReference.ByKey<TKey>(key), SourceId, ticks, measures[0], measures[1.._projection.MeasureCount]);
    }

    /// <summary>
    /// Reads all events before the first is claimed: selectors may take their time, throw, or publish themselves.
    /// </summary>
    private protected override bool PublishSeveral(ReadOnlySpan<TEvent> published, bool waits, ref int done)
    {
        Unsafe.SkipInit(out KeyBlock block);
        Span<TKey> keys = block;
        Span<long> timestamps = stackalloc long[BlockEvents];
        Span<long> measures = stackalloc long[BlockEvents * _projection.MeasureCount];
        var projected = 0;
        ExceptionDispatchInfo? failure = null;
        ThrowIfDisposed();
        try
        {
            _projection.ProjectAll(published, keys, timestamps, measures, out projected);
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
        var key = _projection.Project(published, out ticks, measures);

        // A selector, or another thread, may have disposed the publisher: its number may be another's by now.
        ThrowIfDisposed();
        return key;
    }

    [InlineArray(BlockEvents)]
    private struct KeyBlock
    {
        private TKey _first;
    }
}
