using DisruptorStream.Durability;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Hosting.Durable;

/// <summary>Tells the log every few seconds how far a recovery has come.</summary>
internal sealed class RecoveryProgressLog : IProgress<RecoveryProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly string _name;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly IProgress<RecoveryProgress>? _next;
    private long _told;

    /// <param name="name">The processor's name.</param>
    /// <param name="logger">Where it goes.</param>
    /// <param name="timeProvider">Says when it is time for a line.</param>
    /// <param name="next">Told of each report; null for nobody.</param>
    public RecoveryProgressLog(
        string name, ILogger logger, TimeProvider timeProvider, IProgress<RecoveryProgress>? next)
    {
        _name = name;
        _logger = logger;
        _timeProvider = timeProvider;
        _next = next;
        _told = timeProvider.GetTimestamp();
    }

    public void Report(RecoveryProgress value)
    {
        _next?.Report(value);
        if (_timeProvider.GetElapsedTime(_told) < Interval)
            return;
        _told = _timeProvider.GetTimestamp();
        HostingLog.Recovering(_logger, _name, value.SlotsReplayed, value.SlotsToReplay);
    }
}
