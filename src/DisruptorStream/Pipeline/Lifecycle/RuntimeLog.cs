using DisruptorStream.Durability.Recording;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>What the engine tells the host's log. Nothing here is per event.</summary>
internal static partial class RuntimeLog
{
    public const int RegressionsId = 3;
    public const int UserFailuresId = 4;
    public const int SinkFailuresId = 5;
    public const int BackPressureId = 8;
    public const int DroppedId = 9;
    public const int JumpsId = 14;
    public const int LatePanesId = 16;

    [LoggerMessage(
        1, LogLevel.Error, "Processor '{Processor}': stage '{Stage}' failed at sequence {Sequence}; the processor has "
            + "stopped.")]
    public static partial void Faulted(
        ILogger logger, string processor, string stage, long sequence, Exception? cause);

    [LoggerMessage(
        2, LogLevel.Warning, "Processor '{Processor}' did not end within {Timeout}: {Holder}. It ends when that does, "
            + "and no sink is called any more.")]
    public static partial void ShutdownTimedOut(ILogger logger, string processor, TimeSpan timeout, string holder);

    [LoggerMessage(
        RegressionsId, LogLevel.Warning, "Processor '{Processor}': {Count} explicit watermarks went back and were "
            + "ignored; a source's watermark must never decrease.")]
    public static partial void WatermarkRegressions(ILogger logger, string processor, long count);

    [LoggerMessage(
        UserFailuresId, LogLevel.Warning, "Processor '{Processor}': user code failed {Count} times; the newest failure "
            + "is attached.")]
    public static partial void UserFailures(ILogger logger, string processor, long count, Exception? newest);

    [LoggerMessage(
        SinkFailuresId, LogLevel.Warning, "Processor '{Processor}': {Count} calls of sinks failed; the newest failure "
            + "is attached.")]
    public static partial void SinkFailures(ILogger logger, string processor, long count, Exception? newest);

    [LoggerMessage(6, LogLevel.Information, "Processor '{Processor}' has started.")]
    public static partial void Started(ILogger logger, string processor);

    [LoggerMessage(7, LogLevel.Information, "Processor '{Processor}' has stopped.")]
    public static partial void Stopped(ILogger logger, string processor);

    [LoggerMessage(
        BackPressureId, LogLevel.Warning, "Processor '{Processor}': publishers waited {Waited} for room in the ring; "
            + "the stages or the sinks do not keep up.")]
    public static partial void BackPressure(ILogger logger, string processor, TimeSpan waited);

    [LoggerMessage(
        DroppedId, LogLevel.Warning, "Processor '{Processor}': {Count} events entered no window: {Reasons}.")]
    public static partial void Dropped(ILogger logger, string processor, long count, string reasons);

    [LoggerMessage(
        JumpsId, LogLevel.Warning, "Processor '{Processor}': {Count} events were far ahead of their sources and are "
            + "held until others confirm them; the newest, of source '{Source}' at sequence {Sequence}, is {Ahead} "
            + "ahead.")]
    public static partial void Jumps(
        ILogger logger, string processor, long count, string source, long sequence, TimeSpan ahead);

    [LoggerMessage(
        15, LogLevel.Warning, "Processor '{Processor}': {Count} events came too late after {Culprit}. {Advice}")]
    public static partial void Culprit(
        ILogger logger, string processor, long count, string culprit, string advice);

    [LoggerMessage(
        LatePanesId, LogLevel.Warning, "Processor '{Processor}': {Count} panes of {Events} events were late ones. "
            + "{Advice}")]
    public static partial void LatePanes(ILogger logger, string processor, long count, long events, string advice);

    [LoggerMessage(18, LogLevel.Warning, "Processor '{Processor}': is the unit of time right? {Guess}")]
    public static partial void OtherUnit(ILogger logger, string processor, string guess);

    [LoggerMessage(
        17, LogLevel.Warning, "Processor '{Processor}': no result, and nothing moves: {Summary}. {Advice}")]
    public static partial void NothingMoves(ILogger logger, string processor, string summary, string advice);

    [LoggerMessage(
        11, LogLevel.Warning, "Processor '{Processor}': in all, {Count} of {Events} events entered no window: "
            + "{Reasons}.")]
    public static partial void DroppedInAll(
        ILogger logger, string processor, long count, long events, string reasons);

    [LoggerMessage(
        12, LogLevel.Warning, "Processor '{Processor}': its results are being read, but it has not been started, so "
            + "there are none; call Start.")]
    public static partial void NeverStarted(ILogger logger, string processor);

    [LoggerMessage(
        19, LogLevel.Information, "Processor '{Processor}' goes on behind slot {Sequence}: {Snapshot}, and {Slots} "
            + "slots were handled again in {Duration}.")]
    public static partial void Recovered(
        ILogger logger, string processor, long sequence, string snapshot, long slots, TimeSpan duration);

    [LoggerMessage(20, LogLevel.Warning, "Processor '{Processor}': {Remark}")]
    public static partial void RecoveryRemark(ILogger logger, string processor, string remark);

    [LoggerMessage(21, LogLevel.Error, "Processor '{Processor}': {What}. It goes on without.")]
    public static partial void DurabilityFailed(ILogger logger, string processor, string what, Exception? cause);

    [LoggerMessage(
        22, LogLevel.Warning, "Processor '{Processor}': no snapshot could be taken; the next attempt comes after "
            + "{Delay}, and the journal is kept until then.")]
    public static partial void SnapshotFailed(ILogger logger, string processor, TimeSpan delay, Exception cause);

    [LoggerMessage(
        23, LogLevel.Error, "Processor '{Processor}': no file of the journal can be made ready. It fails once those "
            + "that are ready are used up; make room on the disk.")]
    public static partial void SpareFailed(ILogger logger, string processor, Exception cause);

    [LoggerMessage(
        24, LogLevel.Warning, "Processor '{Processor}': the flight recording was dumped ({Cause}) to '{Directory}': "
            + "{Slots} slots, up to slot {Sequence}. Replay it with dstream replay, or with Replay.Run.")]
    public static partial void Dumped(
        ILogger logger, string processor, DumpCause cause, string directory, long slots, long sequence);

    [LoggerMessage(
        25, LogLevel.Error, "Processor '{Processor}': the flight recording could not be dumped ({Cause}) to "
            + "'{Directory}'.")]
    public static partial void DumpFailed(
        ILogger logger, string processor, DumpCause cause, string directory, Exception exception);

    [LoggerMessage(
        26, LogLevel.Warning, "Processor '{Processor}': the source '{Source}' failed: {Why} It is tried again after "
            + "{Delay}.")]
    public static partial void SourceFailed(
        ILogger logger, string processor, string source, string why, TimeSpan delay, Exception cause);

    [LoggerMessage(
        27, LogLevel.Information, "Processor '{Processor}': the source '{Source}' is read again, after {Failures} "
            + "failures.")]
    public static partial void SourceReadAgain(ILogger logger, string processor, string source, int failures);

    [LoggerMessage(
        28, LogLevel.Warning, "Processor '{Processor}': {Count} records of the source '{Source}' were left out. The "
            + "first: {First}.")]
    public static partial void RecordsRejected(
        ILogger logger, string processor, long count, string source, string first);

    [LoggerMessage(
        13, LogLevel.Warning, "Processor '{Processor}': {Count} events were published and never handled, because of "
            + "the {Reason}.")]
    public static partial void Discarded(ILogger logger, string processor, long count, string reason);

    [LoggerMessage(
        10, LogLevel.Warning, "Processor '{Processor}': the clock of the host threw; its last reading counts until "
            + "it can be read again. What waits for the clock waits until then.")]
    public static partial void ClockFailed(ILogger logger, string processor, Exception cause);
}
