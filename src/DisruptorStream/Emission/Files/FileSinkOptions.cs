using DisruptorStream.Emission.Tables;
using DisruptorStream.Messages;

namespace DisruptorStream.Emission.Files;

/// <summary>How a <see cref="FileSink{TKey}"/> writes. Each is checked when it is set.</summary>
public sealed record FileSinkOptions
{
    /// <summary>
    /// The format. Null, the default, goes by the name of the file: <c>.csv</c>, or <c>.ndjson</c> and <c>.jsonl</c>.
    /// </summary>
    public FileSinkFormat? Format { get; init; }

    /// <summary>How windows are shown. Default moments, such as <c>2026-01-01T12:00:00Z</c>.</summary>
    public WindowTimes Times { get; init; }

    /// <summary>
    /// How long a call waits for another process that writes the same file, 0 to 1 hour. Default 10 s. An abort of the
    /// processor ends the wait.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan LockTimeout
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.Zero, TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(10);
}
