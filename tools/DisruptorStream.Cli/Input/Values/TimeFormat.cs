namespace DisruptorStream.Cli.Input.Values;

/// <summary>How times are written.</summary>
internal enum TimeFormat
{
    Iso,
    UnixSeconds,
    UnixMilliseconds,
    UnixMicroseconds,
    UnixNanoseconds,
}
