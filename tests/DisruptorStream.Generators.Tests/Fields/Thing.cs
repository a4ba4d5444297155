using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.Generators.Tests.Fields;

/// <summary>An event that is a class, with one key and nothing to measure.</summary>
[StreamEvent]
internal sealed partial class Thing
{
    [EventTime]
    public DateTimeOffset At { get; set; }

    [EventKey]
    public string? Name { get; set; }

    public double Weight { get; set; }
}
