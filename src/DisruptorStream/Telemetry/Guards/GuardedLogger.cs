using Microsoft.Extensions.Logging;

namespace DisruptorStream.Telemetry.Guards;

/// <summary>The host's logger as the engine calls it: what it throws is counted, and a line is lost at most.</summary>
internal sealed class GuardedLogger : ILogger
{
    private readonly ILogger _logger;
    private readonly HostFailures _failures;

    public GuardedLogger(ILogger logger, HostFailures failures)
    {
        _logger = logger;
        _failures = failures;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return _logger.BeginScope(state);
        }
        catch (Exception)
        {
            _failures.Note();
            return null;
        }
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            _failures.Note();
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        try
        {
            _logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            _failures.Note();
        }
    }
}
