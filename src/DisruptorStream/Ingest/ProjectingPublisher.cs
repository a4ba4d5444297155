using System.Runtime.CompilerServices;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Ingest;

/// <summary>The publisher of the host's own events, which knows the type of their keys.</summary>
internal sealed class ProjectingPublisher<TEvent, TKey> : EventPublisher<TEvent>
    where TKey : notnull, IEquatable<TKey>
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

    [SkipLocalsInit]
    public override void Publish(in TEvent published)
    {
        Span<long> measures = stackalloc long[MeasureLimit.Count];
        var key = Project(published, out var ticks, measures);
        _writer.Publish(
            new KeyReference.ByKey<TKey>(key), SourceId, ticks, measures[0], measures[1.._projection.MeasureCount]);
    }

    [SkipLocalsInit]
    public override bool TryPublish(in TEvent published)
    {
        Span<long> measures = stackalloc long[MeasureLimit.Count];
        var key = Project(published, out var ticks, measures);
        return _writer.TryPublish(
            new KeyReference.ByKey<TKey>(key), SourceId, ticks, measures[0], measures[1.._projection.MeasureCount]);
    }

    public override ValueTask PublishAsync(TEvent published, CancellationToken cancellationToken = default) =>
        TryPublish(published) ? ValueTask.CompletedTask : WaitAndPublishAsync(published, cancellationToken);

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
}
