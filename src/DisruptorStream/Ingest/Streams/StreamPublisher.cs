using System.Runtime.ExceptionServices;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Slots;

namespace DisruptorStream.Ingest.Streams;

/// <summary>The publisher of a stream's events.</summary>
internal sealed class StreamPublisher<TEvent> : EventPublisher<TEvent>
{
    private const int BlockEvents = StreamBlock<TEvent>.Capacity;

    private readonly StreamWriter<TEvent> _writer;

    /// <param name="name">The source's name.</param>
    /// <param name="writer">Puts events into the ring.</param>
    /// <param name="registry">The sources.</param>
    public StreamPublisher(string name, StreamWriter<TEvent> writer, SourceRegistry registry)
        : base(name, writer.Ring, registry) => _writer = writer;

    public override void Publish(in TEvent published) => PublishAll(new ReadOnlySpan<TEvent>(in published));

    public override bool TryPublish(in TEvent published)
    {
        ThrowIfDisposed();
        var block = _writer.Rent();
        try
        {
            block.Read(new ReadOnlySpan<TEvent>(in published));

            // A selector, or another thread, may have disposed the publisher: its number may be another's by now.
            ThrowIfDisposed();
            return _writer.TryPublish(block, SourceId);
        }
        finally
        {
            _writer.Return(block);
        }
    }

    public override ValueTask PublishAsync(TEvent published, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        return TryPublish(published)
            ? ValueTask.CompletedTask
            : WaitAndPublishAsync(published, _writer.Ring.Gate.BeginWait(), cancellationToken);
    }

    private protected override void PublishAll(ReadOnlySpan<TEvent> published)
    {
        while (!published.IsEmpty)
        {
            var count = Math.Min(BlockEvents, published.Length);
            PublishBlock(published[..count]);
            published = published[count..];
        }
    }

    /// <summary>
    /// Reads all events before the first is claimed: selectors may take their time, throw, or publish themselves.
    /// </summary>
    private void PublishBlock(ReadOnlySpan<TEvent> published)
    {
        ThrowIfDisposed();
        var block = _writer.Rent();
        try
        {
            try
            {
                block.Read(published);
            }
            finally
            {
                // As for a single event.
                ThrowIfDisposed();
                _writer.Publish(block, SourceId);
            }
        }
        finally
        {
            _writer.Return(block);
        }
    }

    private async ValueTask WaitAndPublishAsync(
        TEvent published, StallTimer timer, CancellationToken cancellationToken)
    {
        do
        {
            if (!await _writer.Ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false))
                _writer.Ring.Gate.ThrowIfBlocked(ref timer);
        }
        while (!TryPublish(published));
    }
}
