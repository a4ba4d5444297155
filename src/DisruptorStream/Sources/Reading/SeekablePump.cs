using System.Runtime.ExceptionServices;
using DisruptorStream.Ingest;

namespace DisruptorStream.Sources.Reading;

/// <summary>Reads a source that seeks, and keeps its position with the journal.</summary>
/// <remarks>
/// The position is told before the first read, and behind each. Where the journal ends in the middle of one, it counts
/// the events that are there: they are read again, and left out.
/// </remarks>
internal sealed class SeekablePump<TEvent> : PublishingPump<TEvent>
{
    private readonly ISeekableSource<TEvent> _source;
    private ISeekableReader<TEvent>? _reader;
    private SourcePosition _position;
    private long _skip;
    private Reached _reached;

    /// <param name="source">What is read.</param>
    /// <param name="publisher">Where its events go.</param>
    /// <param name="feed">The processor.</param>
    /// <param name="options">How it is read.</param>
    public SeekablePump(
        ISeekableSource<TEvent> source, EventPublisher<TEvent> publisher, SourceFeed feed, SourceOptions options)
        : base(publisher, feed, options)
    {
        _source = source;

        // Before anything of the source is told or published.
        if (options.Journal == SourceJournal.Order)
            feed.Registry.SetOrdered(publisher.SourceId);
        if (feed.Registry.Positions.Of(publisher.SourceId) is var (position, since))
            (_position, _skip) = (new SourcePosition(position), since);
        else
            Tell(0);
        _reached = new Reached(_position, null);
    }

    public override async ValueTask<bool> StepAsync(CancellationToken cancellationToken)
    {
        var reader = _reader ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
        Batch.Clear();
        var (more, reached, failure) = await ReadAsync(reader, cancellationToken).ConfigureAwait(false);
        var skipped = (int)Math.Min(_skip, Batch.Count);
        await PublishAsync(skipped, cancellationToken).ConfigureAwait(false);
        if (failure is not null)
        {
            // It is opened again where this read began.
            _skip = Math.Max(_skip, Batch.Count);
            failure.Throw();
        }

        _skip -= skipped;
        MoveTo(reached);
        if (!more && _skip > 0)
            throw Shorter();
        return more;
    }

    public override async ValueTask CloseAsync()
    {
        await CloseAsync(_reader).ConfigureAwait(false);
        _reader = null;
    }

    protected override SourceReaderStats AddTo(SourceReaderStats stats)
    {
        // Pairs with the write in MoveTo.
        var reached = Volatile.Read(ref _reached);
        return base.AddTo(stats) with { Position = reached.Position, Lag = reached.Lag };
    }

    // It takes no slot, so that a count of slots would be one too few from here on.
    protected override void OnLeftOut(int handled) => Tell(handled);

    private async ValueTask<ISeekableReader<TEvent>> OpenAsync(CancellationToken cancellationToken)
    {
        NoteOpening();
        return await _source.OpenAsync(_position, cancellationToken).ConfigureAwait(false)
            ?? throw OpenedWithNull();
    }

    /// <summary>Reads, and asks for all that is to be known before anything is published.</summary>
    private async ValueTask<(bool More, Reached Reached, ExceptionDispatchInfo? Failure)> ReadAsync(
        ISeekableReader<TEvent> reader, CancellationToken cancellationToken)
    {
        try
        {
            var more = await reader.ReadAsync(Batch, cancellationToken).ConfigureAwait(false);
            var reached = new Reached(reader.Position, reader.Lag);
            if (Batch.Count > 0 && reached.Position == _position)
                throw Unmoved();
            return (more, reached, null);
        }
        catch (Exception thrown)
        {
            if (IsEnd(thrown, cancellationToken))
                throw;
            return (true, _reached, ExceptionDispatchInfo.Capture(thrown));
        }
    }

    private void MoveTo(Reached reached)
    {
        var isNew = reached.Position != _position;
        _position = reached.Position;

        // While events are left out, the count of before goes on.
        if (isNew && _skip == 0)
            Tell(0);
        Volatile.Write(ref _reached, reached);
    }

    /// <summary>All slots of the source so far are those up to the position, and of some events behind it.</summary>
    private void Tell(long since) =>
        Feed.Registry.Tell(Source, _position.Bytes, since, Feed.Ring.Slots.Sequencer.Cursor.Value + 1);

    private SourcePositionException Unmoved() => new(
        $"The source '{Name}' gave {Batch.Count} events, and its position is still {_position}: who opens it there "
        + "would get them again. Let its reader have a position behind all that it has given.");

    private SourcePositionException Shorter() => new(
        $"The source '{Name}' has ended, and {_skip} events fewer came behind its position than were published before; "
        + "it is not what it was. Restore it, or give the source another name to read it from its start.");

    private sealed record Reached(SourcePosition Position, long? Lag);
}
