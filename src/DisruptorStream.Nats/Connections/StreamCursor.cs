using System.Globalization;
using System.Text;
using System.Threading.Channels;
using DisruptorStream.Cluster.Logs;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Nats.Connections;

/// <summary>Reads a stream in its order, each message once, whatever becomes of server and connection.</summary>
/// <remarks>
/// <para>
/// It has a consumer of its own without acknowledgement, and two requests on their way, each for half of the bytes that
/// it may read ahead; what is read is counted by the server, so that one that was lost on the way is noticed. Then, and
/// when the server does not say anything for a while, the consumer is made again behind the last message that was
/// given.
/// </para>
/// <para>One call at a time.</para>
/// </remarks>
internal sealed class StreamCursor : IAsyncDisposable
{
    private const int Requests = 2;
    private const int MostMessages = 100_000;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Inactive = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly NatsLink _link;
    private readonly CursorPlan _plan;
    private INatsSub<byte[]>? _messages;
    private CancellationToken _connected;
    private string _consumer = "";
    private byte[] _request = [];
    private long _delivered;
    private bool _isBroken;
    private bool _wasOpen;

    public StreamCursor(NatsLink link, CursorPlan plan)
    {
        _link = link;
        _plan = plan;
        Last = plan.After;
    }

    /// <summary>The number of the last message that was given; before the first one, where it begins.</summary>
    public long Last { get; private set; }

    /// <summary>The number of the last message that was there when it was opened.</summary>
    public long End { get; private set; }

    /// <summary>When the stream was made.</summary>
    public DateTimeOffset MadeAt { get; private set; }

    /// <summary>How many messages are behind <see cref="Last"/>, as the server said with it.</summary>
    public long Pending { get; private set; }

    /// <summary>Opens it, if it is not open.</summary>
    /// <exception cref="LogTruncatedException">Messages behind its place are gone.</exception>
    /// <exception cref="InvalidOperationException">There is no such stream.</exception>
    /// <exception cref="IOException">The server is away for longer than it may be.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_messages is not null && !_isBroken)
            return;
        var pause = FirstPause;
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await CloseAsync().ConfigureAwait(false);
            try
            {
                await TryOpenAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (_link.IsOfConnection(failure, cancellationToken))
            {
                if (TimeProvider.System.GetElapsedTime(since) > _plan.Patience)
                    throw _link.Failed($"Reading {_plan.Name}", failure);
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Gives the next message, if it is here.</summary>
    /// <exception cref="LogTruncatedException">Messages before it are gone.</exception>
    public bool TryRead(out StreamMessage message)
    {
        while (!_isBroken && _messages is { } messages && messages.Msgs.TryRead(out var received))
        {
            if (!Delivery.TryParse(received.ReplyTo, out var delivery))
            {
                Heed(in received);
                continue;
            }

            if (delivery.Delivered != _delivered + 1)
            {
                _isBroken = true;
                break;
            }

            _delivered++;
            if (_plan.IsDense && Last > 0 && delivery.Sequence != Last + 1)
                throw Gone(delivery.Sequence);
            Last = delivery.Sequence;
            Pending = delivery.Pending;
            message = new StreamMessage(
                received.Subject, delivery.Sequence, delivery.Time, received.Data ?? [], received.Headers);
            return true;
        }

        message = default;
        return false;
    }

    /// <summary>Waits until there is something to read, or to look after.</summary>
    /// <inheritdoc cref="OpenAsync" path="/exception"/>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _connected);
        bound.CancelAfter(Silence);
        try
        {
            _isBroken |= !await _messages!.Msgs.WaitToReadAsync(bound.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // The connection is lost, or the server has forgotten the consumer.
            _isBroken = true;
        }
        catch (Exception failure) when (_link.IsOfConnection(failure, cancellationToken))
        {
            _isBroken = true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_consumer.Length > 0 && _link.Connection.ConnectionState == NatsConnectionState.Open)
            Send("DELETE", [], replyTo: null);
        await CloseAsync().ConfigureAwait(false);
    }

    private async Task TryOpenAsync(CancellationToken cancellationToken)
    {
        _isBroken = true;
        await _link.OpenAsync(cancellationToken).ConfigureAwait(false);
        _connected = _link.Connected;
        await LookAsync(cancellationToken).ConfigureAwait(false);
        var inbox = _link.Streams.NewBaseInbox();
        var name = Guid.NewGuid().ToString("N");

        // There is always room: more is not asked for.
        _messages = await _link.Connection.SubscribeCoreAsync(
            inbox,
            serializer: NatsRawSerializer<byte[]>.Default,
            opts: new NatsSubOpts
            {
                ChannelOpts = new NatsSubChannelOpts
                {
                    Capacity = 2 * Requests * MostMessages,
                    FullMode = BoundedChannelFullMode.Wait,
                },
            },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        var consumer = await _link.Streams.CreateOrUpdateConsumerAsync(
            _plan.Stream, Consumer(name), cancellationToken).ConfigureAwait(false);
        Pending = (long)consumer.Info.NumPending;
        _consumer = name;
        _delivered = 0;
        _isBroken = false;
        _request = Request();
        for (var request = 0; request < Requests; request++)
            Send("MSG.NEXT", _request, inbox);
    }

    /// <summary>Looks at what the stream has.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        StreamInfo info;
        try
        {
            info = (await _link.Streams.GetStreamAsync(_plan.Stream, cancellationToken: cancellationToken)
                .ConfigureAwait(false)).Info;
        }
        catch (NatsJSApiException failure) when (failure.Error.ErrCode == ErrorCodes.NoStream)
        {
            throw new InvalidOperationException(
                $"{_plan.Name} is not at the NATS server {_link.Server}: it has no stream '{_plan.Stream}'.", failure);
        }

        var (first, last) = ((long)info.State.FirstSeq, (long)info.State.LastSeq);
        if (Last > last)
        {
            throw new LogTruncatedException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_plan.Name} ends at {last}, before {Last}: it was set back, or the position is of another one."));
        }

        if (Last > 0 && first > Last + 1 && !_plan.SkipsGone)
            throw Gone(first);
        if (info.State.Messages == 0)
            Last = last;
        if (!_wasOpen)
            (_wasOpen, End, MadeAt) = (true, last, info.Created);
    }

    private ConsumerConfig Consumer(string name)
    {
        var config = new ConsumerConfig(name)
        {
            AckPolicy = ConsumerConfigAckPolicy.None,
            DeliverPolicy = Last > 0 ? ConsumerConfigDeliverPolicy.ByStartSequence : ConsumerConfigDeliverPolicy.All,
            FilterSubject = _plan.Subject,
            InactiveThreshold = Inactive,
            MemStorage = true,
            NumReplicas = 1,
        };
        if (Last > 0)
            config.OptStartSeq = (ulong)Last + 1;
        return config;
    }

    /// <summary>Asks for half of the bytes, and for the largest message at least.</summary>
    private byte[] Request()
    {
        const int MostOfAddresses = 4096;
        const long NanosecondsPerMillisecond = 1_000_000;

        // The server ends a request without a word where messages fill it to the last byte: an odd number is rarely so.
        var bytes = Math.Max(_plan.ReadAheadBytes / Requests, _link.MaxPayload + MostOfAddresses) | 1;
        var expiry = (long)Expiry.TotalMilliseconds * NanosecondsPerMillisecond;
        var heartbeat = (long)Heartbeat.TotalMilliseconds * NanosecondsPerMillisecond;
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"batch\":{MostMessages},\"max_bytes\":{bytes},\"expires\":{expiry},\"idle_heartbeat\":{heartbeat}}}"));
    }

    /// <summary>What the server says beside the messages.</summary>
    private void Heed(in NatsMsg<byte[]> said)
    {
        const int Idle = 100, Nothing = 404, Expired = 408, Conflict = 409;
        switch (said.Headers?.Code)
        {
            case Idle:
                break;
            case Nothing or Expired:
                Send("MSG.NEXT", _request, said.Subject);
                break;
            case Conflict when said.Headers.MessageText.Contains("MaxBytes", StringComparison.OrdinalIgnoreCase)
                || said.Headers.MessageText.Contains("Batch Completed", StringComparison.OrdinalIgnoreCase):
                Send("MSG.NEXT", _request, said.Subject);
                break;
            default:
                _isBroken = true;
                break;
        }
    }

    /// <summary>Sends without waiting: what is lost is noticed by the silence.</summary>
    private void Send(string what, byte[] body, string? replyTo)
    {
        var subject = $"{_link.Streams.Opts.Prefix}.CONSUMER.{what}.{_plan.Stream}.{_consumer}";
        _ = SendAsync(subject, body, replyTo);
    }

    private async Task SendAsync(string subject, byte[] body, string? replyTo)
    {
        try
        {
            await _link.Connection.PublishAsync(
                subject, body, replyTo: replyTo, serializer: NatsRawSerializer<byte[]>.Default).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // As if it had been lost on the way.
        }
    }

    private async ValueTask CloseAsync()
    {
        var messages = _messages;
        _messages = null;
        _consumer = "";
        try
        {
            if (messages is not null)
                await messages.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is gone with its connection.
        }
    }

    private LogTruncatedException Gone(long next) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{_plan.Name} has no messages any more between {Last} and {next}; keep them for longer."));
}
