namespace DisruptorStream.Cli.Input;

/// <summary>How times are written.</summary>
internal enum TimeFormat
{
    Iso,
    UnixSeconds,
    UnixMilliseconds,
    UnixMicroseconds,
    UnixNanoseconds,
}
