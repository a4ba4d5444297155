using Microsoft.Extensions.Logging;

namespace DisruptorStream.Hosting;

/// <summary>What hosting tells the host's log: the turns of a processor's life.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(102, LogLevel.Information, "Processor '{Name}' has drained: {Events} events were handled.")]
    public static partial void Drained(ILogger logger, string name, long events);

    [LoggerMessage(
        103, LogLevel.Error, "Processor '{Name}' could not drain within the host's shutdown time-out: {Slots} slots of "
            + "its ring were discarded, {Windows} windows were still open, {Discarded} results reached nobody, and "
            + "{Results} results had no reader. HostOptions.ShutdownTimeout allows more time.")]
    public static partial void DrainTimedOut(
        ILogger logger, string name, long slots, long windows, long discarded, int results);

    [LoggerMessage(
        104, LogLevel.Error, "Processor '{Name}' could not drain; the exception says why. {Slots} slots of its ring "
            + "were discarded, {Windows} windows were still open, {Discarded} results reached nobody, and {Results} "
            + "results had no reader.")]
    public static partial void DrainFailed(
        ILogger logger, string name, long slots, long windows, long discarded, int results, Exception cause);

    [LoggerMessage(105, LogLevel.Critical, "The {Part} of processor '{Name}' has failed.")]
    public static partial void Faulted(ILogger logger, string name, string part, Exception cause);

    [LoggerMessage(
        106, LogLevel.Critical, "The host stops because processor '{Name}' has failed; StopHostOnFault says so.")]
    public static partial void StopsHost(ILogger logger, string name);

    [LoggerMessage(
        108, LogLevel.Information, "Processor '{Name}' recovers: {Done} of {All} slots of its journal are handled "
            + "again. It takes no events before it is done.")]
    public static partial void Recovering(ILogger logger, string name, long done, long all);

    [LoggerMessage(
        109, LogLevel.Information, "Processor '{Name}' recovers for longer than {Wait}, and the host starts beside it. "
            + "Its health check says when it is ready; Durability:StartWait has the host wait longer.")]
    public static partial void StartsBeside(ILogger logger, string name, TimeSpan wait);

    [LoggerMessage(
        110, LogLevel.Information, "The host stops while processor '{Name}' recovers; the next run recovers it anew.")]
    public static partial void GaveUpRecovery(ILogger logger, string name);

    [LoggerMessage(
        111, LogLevel.Warning, "Processor '{Name}' has options under Durability, and no Directory: it is not durable, "
            + "and loses its state with the process. Set Durability:Directory, or leave the options out.")]
    public static partial void NotDurable(ILogger logger, string name);

    [LoggerMessage(
        112, LogLevel.Warning, "Processor '{Name}' has options under FlightRecorder, and no DumpDirectory: it has no "
            + "recorder. Set FlightRecorder:DumpDirectory, or leave the options out.")]
    public static partial void NotRecorded(ILogger logger, string name);

    [LoggerMessage(
        107, LogLevel.Warning, "Processor '{Name}' has no sink, nobody has read its results, and their buffer of "
            + "{Size} is full, so that it takes no more events; give it a sink with To<TSink>(), a reader with "
            + "ReadBy<TReader>(), or inject the results and read them.")]
    public static partial void Unread(ILogger logger, string name, int size);
}
