namespace DisruptorStream.Tests.Telemetry;

/// <summary>Keeps the lines that are logged, each with its event id.</summary>
internal sealed class LineLogger : TestLogger
{
    private readonly List<string> _lines = [];

    /// <summary>Called for each line, after it was kept.</summary>
    public Action? Logged { get; set; }

    public string[] Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    protected override void OnLine(int id, string text)
    {
        lock (_lines)
            _lines.Add($"{id} {text}");
        Logged?.Invoke();
    }
}
