using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Emission.Texts;
using DisruptorStream.Nats.Connections;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Nats.Sinks;

/// <summary>Sends results to a subject of a stream of NATS JetStream, each exactly once.</summary>
/// <typeparam name="TKey">The type of the keys: text, integers, Guid, enums, times, or tuples of these.</typeparam>
/// <remarks>
/// <para>
/// A message has lines of JSON, one for each result, whose members are the columns of <see cref="ResultTable{TKey}"/>.
/// Its headers say the numbers of its first and its last result, and whose they are. The server takes it only right
/// behind the message that the sink knows as the last one, so another owner is noticed, and a repeat changes nothing.
/// </para>
/// <para>
/// A new owner begins with a message without lines (<c>Kind: owner</c>): from then on older ones are refused. The last
/// message of the subject is the position: let the stream keep it. The sink holds one connection.
/// </para>
/// </remarks>
public sealed class NatsSink<TKey> : PositionedSink<TKey>
{
    private const int Attempts = 32;
    private const int BytesOfHeaders = 4096;

    private readonly string _stream;
    private readonly string _subject;
    private readonly NatsSinkOptions _options;
    private ResultText<TKey>? _text;
    private NatsLink? _link;
    private SinkPlace _place;

    /// <summary>Nothing is opened yet.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="subject">The subject, such as "results.calls": of this sink alone.</param>
    /// <param name="options">Where, and how; null for the defaults.</param>
    /// <exception cref="ArgumentException">A name cannot be.</exception>
    public NatsSink(string stream, string subject, NatsSinkOptions? options = null)
    {
        _stream = NatsNames.CheckedStream(stream);
        _subject = NatsNames.CheckedSubject(subject, mayHaveStars: false);
        _options = options ?? new NatsSinkOptions();
    }

    /// <inheritdoc/>
    protected override string TargetName => $"the subject '{_subject}' of the stream '{_stream}'";

    /// <inheritdoc/>
    protected override async ValueTask<long> ConnectAsync(
        DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        _link ??= new NatsLink(_options);
        if (_options.CreateStream)
            await _link.MakeAsync(Config(), cancellationToken).ConfigureAwait(false);
        else
            await ThrowUnlessThereAsync(_link, cancellationToken).ConfigureAwait(false);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            _place = await ReadPlaceAsync(_link, cancellationToken).ConfigureAwait(false);
            ThrowIfForeign(owner, _place.Epoch, _place.StreamId, _place.Number);
            if (owner.Epoch == 0 || (_place.Epoch == owner.Epoch && Equals(_place.StreamId, owner.StreamId)))
                return _place.Number;
            var taken = _place with { Epoch = owner.Epoch, StreamId = owner.StreamId };
            if (await TrySendAsync(_link, taken, taken.ToHeaders("owner"), default, cancellationToken)
                .ConfigureAwait(false))
            {
                return _place.Number;
            }
        }

        throw new InvalidOperationException(
            $"{TargetName} was written to by others {Attempts} times while it was opened.");

        static bool Equals(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    protected override ValueTask PrepareAsync(
        SinkContext context, DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        _text = new ResultText<TKey>(FileSinkFormat.Ndjson, context.Schema, owner.QueryName, _options.Times);
        return default;
    }

    /// <inheritdoc/>
    protected override async ValueTask StoreAsync(
        ReadOnlyMemory<WindowResult<TKey>> results, SinkWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (_text is not { } text || _link is not { } link)
            throw new InvalidOperationException($"{TargetName} got results before StartAsync.");
        var most = Math.Min(_options.MessageBytes, link.MaxPayload - BytesOfHeaders);
        var rows = text.Rows;
        rows.Clear();
        var first = 0;
        for (var row = 0; row < results.Length; row++)
        {
            var before = rows.Bytes.Length;
            text.Add(in results.Span[row]);
            if (rows.Bytes.Length <= most || before == 0)
                continue;

            // The line that is one too many begins the next message.
            var next = rows.Bytes[before..].ToArray();
            await SendAsync(link, results[first..row], rows.Bytes[..before].ToArray(), write, cancellationToken)
                .ConfigureAwait(false);
            first = row;
            rows.Clear();
            rows.AddLines(next);
        }

        await SendAsync(link, results[first..], rows.Bytes.ToArray(), write, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does nothing: the connection opens itself again.</summary>
    /// <inheritdoc/>
    protected override ValueTask DisconnectAsync() => default;

    /// <inheritdoc/>
    public override async ValueTask CompleteAsync(Exception? failure)
    {
        await base.CompleteAsync(failure).ConfigureAwait(false);
        if (_link is { } link)
            await link.DisposeAsync().ConfigureAwait(false);
        _link = null;
    }

    private StreamConfig Config() => new(_stream, [_subject])
    {
        Description = "DisruptorStream: results",
        AllowDirect = false,
        MaxBytes = _options.MaxBytes == 0 ? -1 : _options.MaxBytes,
        NumReplicas = _options.Replicas,
        Storage = _options.InMemory ? StreamConfigStorage.Memory : StreamConfigStorage.File,
    };

    private async ValueTask ThrowUnlessThereAsync(NatsLink link, CancellationToken cancellationToken)
    {
        try
        {
            await link.CallAsync(
                $"Looking for {TargetName}",
                (streams, token) => streams.GetStreamAsync(_stream, cancellationToken: token),
                cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure) when (
            failure.InnerException is NatsJSApiException { Error.ErrCode: ErrorCodes.NoStream })
        {
            throw new InvalidOperationException(
                $"There is no stream '{_stream}' at the NATS server {link.Server}; set CreateStream, or make it: "
                + $"nats stream add {_stream} --subjects {_subject}",
                failure);
        }
    }

    private async ValueTask<SinkPlace> ReadPlaceAsync(NatsLink link, CancellationToken cancellationToken)
    {
        var last = await link.ReadLastAsync(
            _stream, _subject, $"Reading the position of {TargetName}", cancellationToken).ConfigureAwait(false);
        return last is { } message ? SinkPlace.Of(in message) : new SinkPlace(0, 0, 0, "");
    }

    /// <summary>Sends a message behind the last one, or says whose that is.</summary>
    private async ValueTask SendAsync(
        NatsLink link,
        ReadOnlyMemory<WindowResult<TKey>> results,
        byte[] lines,
        SinkWrite write,
        CancellationToken cancellationToken)
    {
        if (lines.Length > link.MaxPayload - BytesOfHeaders)
            throw new InvalidOperationException(TooLarge(link, results, lines));
        var (first, last) = (results.Span[0].Number, results.Span[^1].Number);
        Reach("lines made");
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // An owner without durable state writes behind whatever is there, and leaves the position as it is.
            var place = write.IsOrdinary ? _place : _place with { Number = last };
            var headers = place.ToHeaders("results");
            headers[SinkPlace.First] = first.ToString(CultureInfo.InvariantCulture);
            headers[SinkPlace.Last] = last.ToString(CultureInfo.InvariantCulture);
            if (await TrySendAsync(link, place, headers, lines, cancellationToken).ConfigureAwait(false))
            {
                Reach("message sent");
                return;
            }

            var there = await ReadPlaceAsync(link, cancellationToken).ConfigureAwait(false);
            if (!write.IsOrdinary && there with { Sequence = 0 } != _place with { Sequence = 0 })
            {
                ThrowIfForeign(write.Owner, there.Epoch, there.StreamId, there.Number);
                throw NotMine(write, there.Epoch, there.Number);
            }

            _place = there;
        }

        throw new InvalidOperationException($"{TargetName} was written to by others {Attempts} times in a row.");
    }

    private async ValueTask<bool> TrySendAsync(
        NatsLink link,
        SinkPlace place,
        NATS.Client.Core.NatsHeaders headers,
        ReadOnlyMemory<byte> lines,
        CancellationToken cancellationToken)
    {
        var sent = await link.AddAsync(
            new StreamMessage(_subject, 0, default, lines, headers),
            new NatsJSPubOpts { ExpectedStream = _stream, ExpectedLastSubjectSequence = (ulong)_place.Sequence },
            $"Sending results to {TargetName}",
            cancellationToken).ConfigureAwait(false);
        if (sent is not { } sequence)
            return false;
        _place = place with { Sequence = sequence };
        return true;
    }

    private static string TooLarge(
        NatsLink link, ReadOnlyMemory<WindowResult<TKey>> results, byte[] lines) => string.Create(
        CultureInfo.InvariantCulture,
        $"The result {results.Span[0].Number} is a line of {lines.Length} bytes, and the NATS server {link.Server} "
        + $"takes messages of {link.MaxPayload} (max_payload); let it take more.");
}
