using DisruptorStream.Messages;

namespace DisruptorStream.Nats.Logs;

/// <summary>How a <see cref="NatsLogStore"/> makes and reads logs. Each is checked when it is set.</summary>
public sealed record NatsLogOptions : NatsStorageOptions
{
    /// <summary>
    /// What the names of streams begin with, and the subjects: 1 to 30 letters, digits and '-'. Default "ds".
    /// </summary>
    /// <exception cref="ArgumentException">The value has other characters, or is too long.</exception>
    public string Prefix { get; init => field = NatsNames.CheckedPrefix(value); } = "ds";

    /// <summary>
    /// How long records are kept, at least as long as <see cref="DuplicateWindow"/>; zero, the default, for ever.
    /// </summary>
    /// <remarks>Longer than the time between two checkpoints, or a partition cannot be restored.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 0.</exception>
    public TimeSpan MaxAge { get; init => field = OptionGuard.AtLeastZero(value); }

    /// <summary>
    /// For how long the id of a record is known, so that it is not added again: 2 minutes to 1 day. Default 2 minutes.
    /// The server has the ids of that time in memory.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public TimeSpan DuplicateWindow
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMinutes(2), TimeSpan.FromDays(1));
    } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The bytes that a reader asks for ahead of its caller: 64 KiB to 1 GiB. Default 8 MiB. Two messages of the
    /// largest size are asked for at least.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int ReadAheadBytes { get; init => field = OptionGuard.InRange(value, 1 << 16, 1 << 30); } = 8 << 20;
}
