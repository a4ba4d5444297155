using System.Net.Sockets;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace DisruptorStream.Nats.Connections;

/// <summary>A connection that is opened with the first call, and opened again whenever it is lost.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class NatsLink : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _timeout;
    private CancellationTokenSource _connected = new();
    private volatile bool _isDisposed;

    public NatsLink(NatsOptions options)
    {
        _timeout = options.Timeout;
        Server = Shown(options.Url);
        var settings = new NatsOpts
        {
            Url = options.Url,
            Name = "DisruptorStream",
            ConnectTimeout = options.Timeout,
            CommandTimeout = options.Timeout,
            RequestTimeout = options.Timeout,
            ReconnectWaitMin = TimeSpan.FromMilliseconds(50),
            ReconnectWaitMax = TimeSpan.FromSeconds(1),
            ReconnectJitter = TimeSpan.FromMilliseconds(50),

            // A peer that is gone without a word is noticed in seconds.
            PingInterval = TimeSpan.FromSeconds(5),
            RequestReplyMode = NatsRequestReplyMode.Direct,

            // Whoever waits says how long; the connection itself never gives up.
            MaxReconnectRetry = -1,
            IgnoreAuthErrorAbort = true,
        };
        Connection = new NatsConnection(options.Configure?.Invoke(settings) ?? settings);
        Connection.ConnectionDisconnected += (_, _) =>
        {
            Lose();
            return default;
        };
        Streams = new NatsJSContext(Connection, new NatsJSOpts(
            Connection.Opts, domain: options.Domain, requestTimeout: options.Timeout));
    }

    /// <summary>The servers, without passwords.</summary>
    public string Server { get; }

    public NatsConnection Connection { get; }

    public NatsJSContext Streams { get; }

    /// <summary>The most bytes of a message with its headers; known while it is connected.</summary>
    public int MaxPayload => Connection.ServerInfo?.MaxPayload ?? 1 << 20;

    /// <summary>Cancelled when the connection of now is lost.</summary>
    public CancellationToken Connected
    {
        get
        {
            lock (_gate)
                return _connected.Token;
        }
    }

    /// <summary>Waits for the connection.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (Connection.ConnectionState != NatsConnectionState.Open)
            await Connection.ConnectAsync().AsTask().WaitAsync(_timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Calls the server, and says what failed and where.</summary>
    /// <exception cref="IOException">The server is not there, or says no.</exception>
    public async ValueTask<T> CallAsync<T>(
        string what, Func<NatsJSContext, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken).ConfigureAwait(false);
            return await call(Streams, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsOfConnection(failure, cancellationToken))
        {
            throw Failed(what, failure);
        }
    }

    /// <summary>Whether a failure is the server's or the connection's, and may be over soon.</summary>
    public bool IsOfConnection(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        ObjectDisposedException => !_isDisposed,
        _ => failure is NatsException or TimeoutException or SocketException or IOException,
    };

    /// <summary>What to say of it.</summary>
    public IOException Failed(string what, Exception failure) => failure is IOException known
        ? known
        : new IOException($"{what} failed at the NATS server {Server}: {failure.Message}", failure);

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        Lose();
        await Connection.DisposeAsync().ConfigureAwait(false);
    }

    private void Lose()
    {
        CancellationTokenSource lost;
        lock (_gate)
        {
            lost = _connected;
            _connected = new CancellationTokenSource();
        }

        // It has no timer and no wait handle, hence nothing to dispose.
        lost.Cancel();
    }

    private static string Shown(string urls)
    {
        var shown = new List<string>();
        foreach (var url in urls.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            shown.Add(url.LastIndexOf('@') is var at and >= 0 ? url[(at + 1)..] : url);
        return string.Join(", ", shown);
    }
}
