using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>Keeps the lines of the product's own loggers.</summary>
internal sealed class LineLoggers : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines;

    public LineLoggers(ConcurrentQueue<string> lines) => _lines = lines;

    public ILogger CreateLogger(string categoryName) =>
        new LineLogger(categoryName.StartsWith("DisruptorStream", StringComparison.Ordinal) ? _lines : null);

    public void Dispose()
    {
        // The lines stay.
    }

    private sealed class LineLogger : ILogger
    {
        private readonly ConcurrentQueue<string>? _lines;

        public LineLogger(ConcurrentQueue<string>? lines) => _lines = lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => _lines is not null;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => _lines?.Enqueue(formatter(state, exception));
    }
}
