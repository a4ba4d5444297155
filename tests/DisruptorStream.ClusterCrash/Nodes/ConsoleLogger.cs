using System.Globalization;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.ClusterCrash.Nodes;

/// <summary>Writes what owners tell to the error output.</summary>
internal sealed class ConsoleLogger : ILogger
{
    private readonly int _node;

    public ConsoleLogger(int node) => _node = node;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        var time = TimeProvider.System.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
        Console.Error.WriteLine($"{time} node {_node}: {formatter(state, exception)}{cause}");
    }
}
