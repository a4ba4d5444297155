namespace DisruptorStream.Cluster.Logs;

/// <summary>A record as a log has it.</summary>
/// <param name="Position">Where it is: above 0, and above that of each record before it.</param>
/// <param name="Record">What was appended. The bytes stay valid.</param>
public readonly record struct LogEntry(long Position, LogRecord Record);
