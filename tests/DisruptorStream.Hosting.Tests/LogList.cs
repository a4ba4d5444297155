using System.Collections.Concurrent;
using DisruptorStream.Tests.Telemetry;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Hosting.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogList : TestLogger, ILoggerProvider
{
    private readonly ConcurrentQueue<(int Id, string Text)> _lines = new();

    public IEnumerable<(int Id, string Text)> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    protected override void OnLine(int id, string text) => _lines.Enqueue((id, text));
}
