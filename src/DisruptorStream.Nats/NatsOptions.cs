using DisruptorStream.Messages;
using NATS.Client.Core;

namespace DisruptorStream.Nats;

/// <summary>What all that speaks to a NATS server needs to know. Each is checked when it is set.</summary>
public abstract record NatsOptions
{
    private protected NatsOptions()
    {
    }

    /// <summary>
    /// The servers, with commas between them; each may have a user and a password. Default
    /// <c>nats://127.0.0.1:4222</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string Url
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    } = "nats://127.0.0.1:4222";

    /// <summary>How long the server may take to answer: 100 ms to 1 hour. Default 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Changes the options of the connection: for TLS, credentials and logs. Called once for each object that has a
    /// connection, in its constructor. Null, the default, changes nothing.
    /// </summary>
    public Func<NatsOpts, NatsOpts>? Configure { get; init; }

    /// <summary>The JetStream domain; null, the default, for that of the server.</summary>
    public string? Domain { get; init; }
}
