using Microsoft.Extensions.Logging;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>What the engine tells the host's log. Nothing here is per event.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(1, LogLevel.Error, "Stage '{Stage}' failed at sequence {Sequence}; the processor has stopped.")]
    public static partial void Faulted(ILogger logger, string stage, long sequence, Exception? cause);

    [LoggerMessage(
        2, LogLevel.Warning, "The worker threads did not end within {Timeout}: user code is holding them. They end "
            + "when it returns.")]
    public static partial void ShutdownTimedOut(ILogger logger, TimeSpan timeout);

    [LoggerMessage(
        3, LogLevel.Warning, "{Count} explicit watermarks went back and were ignored; a source's watermark must "
            + "never decrease.")]
    public static partial void WatermarkRegressions(ILogger logger, long count);

    [LoggerMessage(4, LogLevel.Warning, "User code failed {Count} times; the newest failure is attached.")]
    public static partial void UserFailures(ILogger logger, long count, Exception? newest);

    [LoggerMessage(5, LogLevel.Warning, "{Count} calls of sinks failed; the newest failure is attached.")]
    public static partial void SinkFailures(ILogger logger, long count, Exception? newest);
}
