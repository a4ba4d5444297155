using System.Globalization;
using System.Runtime.CompilerServices;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Nats.Connections;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace DisruptorStream.Nats.Logs;

/// <summary>One partition: a stream with one subject.</summary>
internal sealed class NatsLog : IPartitionLog
{
    // What the client and the server add: what is expected of the stream, and the line before the headers.
    private const int BytesOfOwnHeaders = 512;
    private const int BytesBesideHeader = 4;

    private readonly NatsLink _link;
    private readonly string _stream;
    private readonly string _subject;
    private readonly int _readAheadBytes;

    public NatsLog(NatsLink link, string name, string stream, string subject, int readAheadBytes)
    {
        _link = link;
        Name = name;
        _stream = stream;
        _subject = subject;
        _readAheadBytes = readAheadBytes;
    }

    public string Name { get; }

    public async ValueTask<LogEntry?> ReadLastAsync(CancellationToken cancellationToken)
    {
        var last = await _link.ReadLastAsync(
            _stream, _subject, $"Reading the end of the log {Name}", cancellationToken).ConfigureAwait(false);
        return last is { } message ? EntryOf(in message) : null;
    }

    public async ValueTask<long> AppendAsync(
        LogRecord record, long lastPosition, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lastPosition);
        var options = new NatsJSPubOpts
        {
            ExpectedStream = _stream,
            ExpectedLastSubjectSequence = (ulong)lastPosition,
        };
        return await AppendAsync(record, options, cancellationToken).ConfigureAwait(false)
            ?? throw new PartitionFencedException(string.Create(
                CultureInfo.InvariantCulture, $"The log {Name} does not end at {lastPosition} any more."));
    }

    public async ValueTask<long> AppendAsync(LogRecord record, string id, CancellationToken cancellationToken)
    {
        var options = new NatsJSPubOpts { ExpectedStream = _stream, MsgId = LogRecords.CheckedId(id) };
        return await AppendAsync(record, options, cancellationToken).ConfigureAwait(false)
            ?? throw new IOException($"The NATS server {_link.Server} refused an append to the log {Name}.");
    }

    public async IAsyncEnumerable<LogEntry> ReadAsync(
        long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        cancellationToken.ThrowIfCancellationRequested();
        await using var cursor = new StreamCursor(_link, new CursorPlan
        {
            Name = $"The log {Name}",
            Stream = _stream,
            After = after,
            IsDense = true,
            ReadAheadBytes = _readAheadBytes,
            Patience = follow ? null : _link.Connection.Opts.RequestTimeout,
        });
        await cursor.OpenAsync(cancellationToken).ConfigureAwait(false);
        var end = follow ? long.MaxValue : cursor.End;
        while (cursor.Last < end)
        {
            while (cursor.Last < end && cursor.TryRead(out var message))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return EntryOf(in message);
            }

            if (cursor.Last < end)
                await cursor.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does nothing: the connection is the store's.</summary>
    public ValueTask DisposeAsync() => default;

    private static LogEntry EntryOf(in StreamMessage message) =>
        new(message.Sequence, new LogRecord(message.Body, StreamMessage.Own(message.Headers)));

    private async ValueTask<long?> AppendAsync(
        LogRecord record, NatsJSPubOpts options, CancellationToken cancellationToken)
    {
        record = LogRecords.Checked(record);
        await _link.CallAsync("Connecting", static (_, _) => new ValueTask<bool>(true), cancellationToken)
            .ConfigureAwait(false);
        ThrowIfTooLarge(in record);
        NatsHeaders? headers = null;
        foreach (var (name, value) in record.Headers)
            (headers ??= []).Add(name, value);
        return await _link.AddAsync(
            new StreamMessage(_subject, 0, default, record.Body, headers),
            options,
            $"Appending to the log {Name}",
            cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfTooLarge(in LogRecord record)
    {
        var bytes = (long)record.Body.Length + BytesOfOwnHeaders;
        foreach (var (name, value) in record.Headers)
            bytes += name.Length + value.Length + BytesBesideHeader;
        if (bytes <= _link.MaxPayload)
            return;
        throw new ArgumentException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The record has {bytes} bytes with its headers, and the NATS server {_link.Server} takes "
                + $"{_link.MaxPayload} (max_payload); make batches smaller, or let the server take more."),
            nameof(record));
    }
}
