using DisruptorStream.Durability.Recording;
using DisruptorStream.Pipeline.Lifecycle;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>Tells the host's log of dumps, and of what goes wrong in a recorder.</summary>
internal sealed class RecorderLog
{
    private readonly ILogger _logger;
    private readonly string _processor;

    /// <param name="logger">Where it goes.</param>
    /// <param name="processor">The processor's name.</param>
    public RecorderLog(ILogger logger, string processor)
    {
        _logger = logger;
        _processor = processor;
    }

    public void OnFailed(Exception cause) =>
        RuntimeLog.DurabilityFailed(_logger, _processor, "The flight recording has failed and ends", cause);

    public void OnDumped(FlightDump dump) =>
        RuntimeLog.Dumped(_logger, _processor, dump.Cause, dump.Directory, dump.Slots, dump.LastSequence);

    public void OnDumpFailed(DumpCause cause, string directory, Exception exception) =>
        RuntimeLog.DumpFailed(_logger, _processor, cause, directory, exception);
}
