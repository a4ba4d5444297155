using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Ingest.Streams;

/// <summary>The publisher of a stream's events.</summary>
internal class StreamPublisher<TEvent> : EventPublisher<TEvent>
{
    private readonly StreamWriter<TEvent> _writer;
    private StreamBlock<TEvent>? _single;
    private int _owner;
    private bool _isBusy;

    /// <param name="name">The source's name.</param>
    /// <param name="writer">Puts events into the ring.</param>
    /// <param name="registry">The sources.</param>
    public StreamPublisher(string name, StreamWriter<TEvent> writer, SourceRegistry registry)
        : base(name, writer.Ring, registry) => _writer = writer;

    public override void Publish(in TEvent published)
    {
        ThrowIfDisposed();
        var block = RentSingle();
        try
        {
            block.ReadOne(in published);

            // A selector, or another thread, may have disposed the publisher: its number may be another's by now.
            ThrowIfDisposed();
            _writer.PublishOne(block, SourceId);
        }
        finally
        {
            ReturnSingle(block);
        }
    }

    public override bool TryPublish(in TEvent published)
    {
        ThrowIfDisposed();
        var block = RentSingle();
        try
        {
            block.ReadOne(in published);

            // As above.
            ThrowIfDisposed();
            return _writer.TryPublishOne(block, SourceId);
        }
        finally
        {
            ReturnSingle(block);
        }
    }

    private protected StreamWriter<TEvent> Writer => _writer;

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

    /// <summary>
    /// The block for one event that belongs to the first thread which publishes so; for other threads, and where a
    /// selector or a sink publishes meanwhile, one of the pool.
    /// </summary>
    private StreamBlock<TEvent> RentSingle()
    {
        // One thread alone sees the flag, so that no exchange is needed. An id that comes again is that of a thread
        // that began after the other one had ended.
        var thread = Environment.CurrentManagedThreadId;
        if ((_owner != thread && !TryOwn(thread)) || _isBusy)
            return _writer.Rent();
        _isBusy = true;
        return _single ??= _writer.NewSingle();
    }

    private bool TryOwn(int thread) => _owner == 0 && Interlocked.CompareExchange(ref _owner, thread, 0) == 0;

    private void ReturnSingle(StreamBlock<TEvent> block)
    {
        // What was read of the last event may stay in the publisher's own.
        if (block == _single)
            _isBusy = false;
        else
            _writer.Return(block);
    }
}
