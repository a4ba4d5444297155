using DisruptorStream.Messages;

namespace DisruptorStream.Sources.Files;

/// <summary>How files are read.</summary>
public sealed record FileSourceOptions
{
    /// <summary>Where a record ends. Default <see cref="RecordFraming.Lines"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the framings.</exception>
    public RecordFraming Framing { get; init => field = OptionGuard.Defined(value); }

    /// <summary>
    /// Whether it waits for more at the end of the newest file. Default true. If not, the source ends there, also in
    /// the middle of a line, which counts as one.
    /// </summary>
    public bool Follows { get; init; } = true;

    /// <summary>How long it waits at the end of a file before it looks again: 1 ms to 1 hour. Default 250 ms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public TimeSpan PollInterval
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The longest record, in bytes: 16 to 256 MiB. Default 1 MiB. A longer line is a bad record; a longer length means
    /// that the file is none of this framing, and nothing behind it is read.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int MaxRecordBytes { get; init => field = OptionGuard.InRange(value, 16, 1 << 28); } = 1 << 20;
}
