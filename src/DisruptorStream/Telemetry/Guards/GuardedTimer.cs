namespace DisruptorStream.Telemetry.Guards;

/// <summary>A timer of the host's clock, whose end must not end anything else.</summary>
internal sealed class GuardedTimer : ITimer
{
    private readonly ITimer _timer;
    private readonly HostFailures _failures;

    public GuardedTimer(ITimer timer, HostFailures failures)
    {
        _timer = timer;
        _failures = failures;
    }

    public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

    public void Dispose()
    {
        try
        {
            _timer.Dispose();
        }
        catch (Exception)
        {
            _failures.Note();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            _failures.Note();
        }
    }
}
