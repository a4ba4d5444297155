using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Parquet;

/// <summary>How a <see cref="ParquetSink{TKey}"/> writes. Each is checked when it is set.</summary>
public sealed record ParquetSinkOptions
{
    /// <summary>
    /// How windows are shown. Default moments: timestamps with microseconds, in UTC. A window that begins or ends
    /// between two of these is refused then; <see cref="WindowTimes.Ticks"/> takes every window.
    /// </summary>
    public WindowTimes Times { get; init; }

    /// <summary>Whether pages are packed (Snappy). Default true.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>
    /// How long a call waits for another process that writes the same directory, 0 to 1 hour. Default 10 s. An abort of
    /// the processor ends the wait.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan LockTimeout
    {
        get;
        init
        {
            if (value < TimeSpan.Zero || value > TimeSpan.FromHours(1))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, "The LockTimeout of a Parquet sink must be 0 to 1 hour.");
            }

            field = value;
        }
    } = TimeSpan.FromSeconds(10);
}
