using System.Runtime.CompilerServices;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Ingest;

/// <summary>The publisher of the host's own events, which knows the type of their keys.</summary>
internal sealed class ProjectingPublisher<TEvent, TKey> : EventPublisher<TEvent>
    where TKey : notnull, IEquatable<TKey>
{
    private const int BlockEvents = 256;

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

    public override ValueTask PublishAsync(TEvent published, CancellationToken cancellationToken = default) =>
        TryPublish(published) ? ValueTask.CompletedTask : WaitAndPublishAsync(published, cancellationToken);

    private protected override void PublishAll(ReadOnlySpan<TEvent> published)
    {
        while (published.Length > 1)
        {
            var block = published[..Math.Min(BlockEvents, published.Length)];
            PublishBlock(block);
            published = published[block.Length..];
        }

        if (!published.IsEmpty)
            Publish(in published[0]);
    }

    /// <summary>
    /// Reads all events before the first is claimed: selectors may take their time, throw, or publish themselves.
    /// </summary>
    private void PublishBlock(ReadOnlySpan<TEvent> published)
    {
        Unsafe.SkipInit(out KeyBlock block);
        Span<TKey> keys = block;
        Span<long> timestamps = stackalloc long[BlockEvents];
        Span<long> measures = stackalloc long[BlockEvents * _projection.MeasureCount];
        var projected = 0;
        try
        {
            for (var left = measures; projected < published.Length; projected++)
            {
                keys[projected] = Project(in published[projected], out timestamps[projected], left);
                left = left[_projection.MeasureCount..];
            }
        }
        finally
        {
            _writer.Publish(keys[..projected], timestamps, measures, SourceId);
        }
    }

    private TKey Project(in TEvent published, out long ticks, Span<long> measures)
    {
        ThrowIfDisposed();
        var key = _projection.Project(published, out ticks, measures);
        return key ?? throw new ArgumentException(
            "The key selector returned null for the event; give events without a key a key of their own.",
            nameof(published));
    }

    private async ValueTask WaitAndPublishAsync(TEvent published, CancellationToken cancellationToken)
    {
        do
            await _writer.Ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
        while (!TryPublish(published));
    }

    [InlineArray(BlockEvents)]
    private struct KeyBlock
    {
        private TKey _first;
    }
}
