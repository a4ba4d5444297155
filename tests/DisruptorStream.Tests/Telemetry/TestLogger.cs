using Microsoft.Extensions.Logging;

namespace DisruptorStream.Tests.Telemetry;

/// <summary>A logger that is told each line, of any level.</summary>
internal abstract class TestLogger : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) => OnLine(eventId.Id, formatter(state, exception));

    protected abstract void OnLine(int id, string text);
}
