using DisruptorStream.Telemetry.Guards;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>Says once somebody has waited for a while for the results of a processor that nobody has started.</summary>
/// <remarks>To read first and to start then is fair, so nothing is said at once, and the reader waits on.</remarks>
internal sealed class StartReminder
{
    /// <summary>By the host's clock.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ProcessorStatus _status;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly HostFailures _failures;

    public StartReminder(
        ProcessorStatus status, TimeProvider timeProvider, ILogger logger, string name, HostFailures failures)
    {
        _status = status;
        _timeProvider = timeProvider;
        _logger = logger;
        _name = name;
        _failures = failures;
    }

    /// <summary>
    /// Somebody begins to wait. Dispose what is returned when the wait is over; null for nothing to say.
    /// </summary>
    public IDisposable? Begin()
    {
        if (!_status.AwaitsStart)
            return null;
        try
        {
            return _timeProvider.CreateTimer(_ => Say(), null, Patience, Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // The host's clock makes no timer: Start will say so, and a line is no reason to end a reader.
            _failures.Note();
            return null;
        }
    }

    private void Say()
    {
        if (_status.AwaitsStart)
            RuntimeLog.NeverStarted(_logger, _name);
    }
}
