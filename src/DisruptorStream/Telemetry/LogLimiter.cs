namespace DisruptorStream.Telemetry;

/// <summary>Lets each kind of log line pass once in ten seconds, by the host's clock.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class LogLimiter
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _timeProvider;
    private readonly Dictionary<int, long> _passed = [];

    public LogLimiter(TimeProvider timeProvider) => _timeProvider = timeProvider;

    /// <summary>Whether a line of this event id may be written now; if so, it counts as written.</summary>
    public bool TryPass(int eventId)
    {
        var now = _timeProvider.GetTimestamp();
        if (_passed.TryGetValue(eventId, out var last) && _timeProvider.GetElapsedTime(last, now) < Pause)
            return false;
        _passed[eventId] = now;
        return true;
    }
}
