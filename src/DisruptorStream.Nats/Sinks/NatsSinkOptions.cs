using DisruptorStream.Emission.Tables;
using DisruptorStream.Messages;

namespace DisruptorStream.Nats.Sinks;

/// <summary>How a <see cref="NatsSink{TKey}"/> writes. Each is checked when it is set.</summary>
public sealed record NatsSinkOptions : NatsStorageOptions
{
    /// <summary>
    /// Whether the sink makes the stream, for its subject alone, where it is not there. Default false: then an error
    /// says what is missing.
    /// </summary>
    public bool CreateStream { get; init; }

    /// <summary>
    /// The bytes of lines that one message has, as long as one line is not longer: 1 KiB to 64 MiB. Default 256 KiB. No
    /// more than the server takes are used.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int MessageBytes { get; init => field = OptionGuard.InRange(value, 1 << 10, 1 << 26); } = 1 << 18;

    /// <summary>How windows are shown. Default moments, such as <c>2026-01-01T12:00:00Z</c>.</summary>
    public WindowTimes Times { get; init; }
}
