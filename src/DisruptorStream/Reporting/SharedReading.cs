using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Reporting;

/// <summary>The counts of a processor that are of no single query.</summary>
internal sealed record SharedReading
{
    /// <summary>What window assignment of the first query counts, which sees all that the stream takes.</summary>
    public required AssignmentFigures First { get; init; }

    /// <summary>Events that have been handled.</summary>
    public required long Handled { get; init; }

    /// <summary>Whether nothing more will be.</summary>
    public required bool HasEnded { get; init; }

    /// <summary>Events that have been published.</summary>
    public required long Published { get; init; }

    /// <summary>Slots that are published and not handled.</summary>
    public required long Backlog { get; init; }

    /// <summary>How long results took of late; null if not measured.</summary>
    public required RecentPercentiles? Recent { get; init; }

    /// <summary>Results that were not handed to anybody.</summary>
    public required long Undelivered { get; init; }
}
