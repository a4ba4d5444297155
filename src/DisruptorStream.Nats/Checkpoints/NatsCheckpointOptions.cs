using DisruptorStream.Messages;

namespace DisruptorStream.Nats.Checkpoints;

/// <summary>How a <see cref="NatsCheckpointStore"/> keeps checkpoints. Each is checked when it is set.</summary>
public sealed record NatsCheckpointOptions : NatsStorageOptions
{
    /// <summary>
    /// What the name of the stream begins with, and the subjects: 1 to 30 letters, digits and '-'. Default "ds".
    /// </summary>
    /// <exception cref="ArgumentException">The value has other characters, or is too long.</exception>
    public string Prefix { get; init => field = NatsNames.CheckedPrefix(value); } = "ds";

    /// <summary>
    /// The bytes of a state that one message has: 4 KiB to 64 MiB. Default 256 KiB. No more than the server takes are
    /// used.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int ChunkBytes { get; init => field = OptionGuard.InRange(value, 1 << 12, 1 << 26); } = 1 << 18;
}
