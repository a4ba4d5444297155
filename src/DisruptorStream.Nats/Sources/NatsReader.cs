using System.Globalization;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Nats.Connections;
using DisruptorStream.Sources;

namespace DisruptorStream.Nats.Sources;

/// <summary>Reads events of a stream.</summary>
internal sealed class NatsReader<TEvent> : ISeekableReader<TEvent>
{
    private readonly NatsLink _link;
    private readonly NatsMessageParser<TEvent> _parser;
    private readonly NatsSourceOptions _options;
    private readonly StreamCursor _cursor;
    private readonly string _stream;
    private readonly List<TEvent> _events = [];
    private NatsPlace _place;
    private long _end;

    /// <param name="link">A connection, which becomes the reader's.</param>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="parser">Makes events of messages.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="place">Where it begins.</param>
    public NatsReader(
        NatsLink link,
        string stream,
        NatsMessageParser<TEvent> parser,
        NatsSourceOptions options,
        NatsPlace place)
    {
        _link = link;
        _stream = stream;
        _parser = parser;
        _options = options;
        _place = place;
        _cursor = new StreamCursor(link, new CursorPlan
        {
            Name = $"The stream '{stream}'",
            Stream = stream,
            Subject = options.Subject,
            After = place.After,
            SkipsGone = options.SkipsWhatIsGone,
            ReadAheadBytes = options.ReadAheadBytes,
            Patience = options.Timeout,
        });
    }

    public SourcePosition Position => _place == default ? SourcePosition.Start : _place.ToPosition();

    public long? Lag { get; private set; }

    /// <summary>Whether events of the message at the place are still to be given.</summary>
    private bool IsWithinMessage => _events.Count > 0;

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        await InPositionAsync(_cursor.OpenAsync(cancellationToken)).ConfigureAwait(false);
        if (_place.Sequence > 0 && _place.MadeAt != _cursor.MadeAt.UtcTicks)
        {
            throw new SourcePositionException(string.Create(
                CultureInfo.InvariantCulture,
                $"The stream '{_stream}' was made anew at {_cursor.MadeAt:O}: the position, message {_place.Sequence}, "
                + $"is of an older one of the name. Restore that one, or give the source another name."));
        }

        _place = _place with { MadeAt = _cursor.MadeAt.UtcTicks };
        Lag = _cursor.Pending;
        _end = long.MaxValue;
        if (_options.Follows)
            return;
        var last = await _link.ReadLastAsync(
            _stream, _options.Subject ?? ">", $"Reading the end of the stream '{_stream}'", cancellationToken)
            .ConfigureAwait(false);
        _end = last?.Sequence ?? 0;
    }

    public async ValueTask<bool> ReadAsync(SourceBatch<TEvent> batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var hasWaited = false;
        while (!batch.IsFull)
        {
            if (IsWithinMessage)
                Give(batch);
            else if (_cursor.Last >= _end)
                return false;
            else if (TryRead(out var message))
                Take(batch, in message);
            else if (batch.Count > 0 || hasWaited)
                break;
            else
                hasWaited = !await WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return IsWithinMessage || _cursor.Last < _end;
    }

    public async ValueTask DisposeAsync()
    {
        await _cursor.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask InPositionAsync(ValueTask call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (LogTruncatedException gone)
        {
            throw Gone(gone);
        }
    }

    private static SourcePositionException Gone(LogTruncatedException gone) => new(
        $"{gone.Message.TrimEnd('.')}. Restore the stream; or give the source another name, then it begins anew; or "
        + "set SkipsWhatIsGone, then it goes on with what is kept.",
        gone);

    private bool TryRead(out StreamMessage message)
    {
        try
        {
            return _cursor.TryRead(out message);
        }
        catch (LogTruncatedException gone)
        {
            throw Gone(gone);
        }
    }

    /// <summary>Waits for a while; false where nothing has come.</summary>
    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        await InPositionAsync(_cursor.OpenAsync(cancellationToken)).ConfigureAwait(false);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(_options.PollInterval);
        try
        {
            await InPositionAsync(_cursor.WaitAsync(bound.Token)).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Take(SourceBatch<TEvent> batch, in StreamMessage read)
    {
        var message = new NatsMessage(
            read.Subject, read.Sequence, read.Time, read.Body, StreamMessage.Own(read.Headers));
        var given = read.Sequence == _place.Sequence ? _place.Events : 0;
        try
        {
            _parser(in message, _events);
        }
        catch (Exception failure)
        {
            _events.Clear();
            batch.Reject(
                string.Create(CultureInfo.InvariantCulture, $"The message {read.Sequence} of the stream '{_stream}'"),
                failure.Message);
        }

        Lag = _cursor.Pending;
        _place = _place with { Sequence = read.Sequence, Events = given };
        if (_events.Count <= given)
            EndMessage();
    }

    /// <summary>Gives events of the message, as many as there is room for.</summary>
    private void Give(SourceBatch<TEvent> batch)
    {
        var next = _place.Events;
        while (next < _events.Count && !batch.IsFull)
            batch.Add(_events[next++]);
        _place = _place with { Events = next };
        if (next == _events.Count)
            EndMessage();
    }

    private void EndMessage()
    {
        _events.Clear();
        _place = _place with { Events = 0 };
    }
}
