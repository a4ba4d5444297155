using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Ingest.Streams;

/// <summary>The publisher of a stream's events.</summary>
internal sealed class StreamPublisher<TEvent> : EventPublisher<TEvent>
{
    private readonly StreamWriter<TEvent> _writer;

    /// <param name="name">The source's name.</param>
    /// <param name="writer">Puts events into the ring.</param>
    /// <param name="registry">The sources.</param>
    public StreamPublisher(string name, StreamWriter<TEvent> writer, SourceRegistry registry)
        : base(name, writer.Ring, registry) => _writer = writer;

    public override void Publish(in TEvent published)
    {
        ThrowIfDisposed();
        var block = _writer.Rent();
        try
        {
            block.Read(new ReadOnlySpan<TEvent>(in published))?.Throw();

            // A selector, or another thread, may have disposed the publisher: its number may be another's by now.
            ThrowIfDisposed();
            var taken = 0;
            _writer.Publish(block, SourceId, ref taken);
        }
        finally
        {
            _writer.Return(block);
        }
    }

    public override bool TryPublish(in TEvent published)
    {
        ThrowIfDisposed();
        var block = _writer.Rent();
        try
        {
            block.Read(new ReadOnlySpan<TEvent>(in published))?.Throw();

            // As above.
            ThrowIfDisposed();
            return _writer.TryPublish(block, SourceId);
        }
        finally
        {
            _writer.Return(block);
        }
    }

    /// <summary>
    /// Reads all events before the first is claimed: selectors may take their time, throw, or publish themselves.
    /// </summary>
    private protected override bool PublishSeveral(ReadOnlySpan<TEvent> published, bool waits, ref int done)
    {
        ThrowIfDisposed();
        var block = _writer.Rent();
        var taken = 0;
        try
        {
            var failure = block.Read(published);

            // As for a single event.
            ThrowIfDisposed();
            if (waits)
                _writer.Publish(block, SourceId, ref taken);
            else
                _writer.PublishWhileRoom(block, SourceId, ref taken);

            // Where the room has ended before, the event that failed is not reached yet: it is read again.
            if (taken == block.Count)
                failure?.Throw();
            return taken == published.Length;
        }
        finally
        {
            done += taken;
            _writer.Return(block);
        }
    }
}
