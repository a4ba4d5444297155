using DisruptorStream.Ingest;

namespace DisruptorStream.Sources.Reading;

/// <summary>Reads a source that is told which of its events are durable.</summary>
internal sealed class AcknowledgedPump<TEvent> : PublishingPump<TEvent>
{
    private readonly IAcknowledgedSource<TEvent> _source;
    private Acknowledger<TEvent>? _open;
    private long _lag = -1;
    private long _acknowledged;

    /// <param name="source">What is read.</param>
    /// <param name="publisher">Where its events go.</param>
    /// <param name="feed">The processor; a durable one.</param>
    /// <param name="options">How it is read.</param>
    public AcknowledgedPump(
        IAcknowledgedSource<TEvent> source, EventPublisher<TEvent> publisher, SourceFeed feed, SourceOptions options)
        : base(publisher, feed, options) => _source = source;

    public override async ValueTask<bool> StepAsync(CancellationToken cancellationToken)
    {
        var open = _open ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
        Batch.Clear();
        var more = await open.Reader.ReadAsync(Batch, cancellationToken).ConfigureAwait(false);
        await PublishAsync(0, cancellationToken).ConfigureAwait(false);
        await open.AddAsync(Batch.Count, Feed.WhenDurable!(), cancellationToken).ConfigureAwait(false);

        // Pairs with the read in AddTo.
        Volatile.Write(ref _lag, open.Reader.Lag ?? -1);
        if (!more)
            await open.CompleteAsync().ConfigureAwait(false);
        return more;
    }

    public override async ValueTask CloseAsync()
    {
        if (_open is not { } open)
            return;
        _open = null;

        // What becomes durable while the processor ends is acknowledged yet.
        if (Feed.Ring.IsClosed)
            await open.TryCompleteAsync().ConfigureAwait(false);
        await CloseAsync(open).ConfigureAwait(false);
    }

    protected override SourceReaderStats AddTo(SourceReaderStats stats) => base.AddTo(stats) with
    {
        Lag = Volatile.Read(ref _lag) is >= 0 and var lag ? lag : null,
        EventsAcknowledged = Interlocked.Read(ref _acknowledged),
    };

    protected override void OnLeftOut(int handled)
    {
        // It is acknowledged with the others.
    }

    private async ValueTask<Acknowledger<TEvent>> OpenAsync(CancellationToken cancellationToken)
    {
        NoteOpening();
        var reader = await _source.OpenAsync(cancellationToken).ConfigureAwait(false)
            ?? throw OpenedWithNull();
        return new Acknowledger<TEvent>(
            reader, Options.MaxUnacknowledgedBatches, count => Interlocked.Add(ref _acknowledged, count));
    }
}
