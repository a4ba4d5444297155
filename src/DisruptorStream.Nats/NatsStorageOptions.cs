using DisruptorStream.Messages;

namespace DisruptorStream.Nats;

/// <summary>How streams are made where they are not there. A stream that is there stays as it is.</summary>
public abstract record NatsStorageOptions : NatsOptions
{
    private protected NatsStorageOptions()
    {
    }

    /// <summary>On how many servers of a cluster each stream is: 1, 3 or 5. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of these.</exception>
    public int Replicas { get; init => field = NatsNames.CheckedReplicas(value); } = 1;

    /// <summary>
    /// Whether streams are in the server's memory, and gone with it. Default false: they are in its files.
    /// </summary>
    public bool InMemory { get; init; }

    /// <summary>
    /// The most bytes of a stream; the oldest messages go first. 0, the default, for no limit but that of the server.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 0.</exception>
    public long MaxBytes { get; init => field = OptionGuard.InRange(value, 0, long.MaxValue); }
}
