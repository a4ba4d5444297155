using Microsoft.Extensions.Logging;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>Counts what it is told.</summary>
internal sealed class CountingLogger : ILogger
{
    private int _warnings;

    /// <summary>How many warnings there were.</summary>
    public int Warnings => Volatile.Read(ref _warnings);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Warning)
            Interlocked.Increment(ref _warnings);
    }
}
