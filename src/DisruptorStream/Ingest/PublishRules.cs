using DisruptorStream.Aggregation;
using DisruptorStream.Events;

namespace DisruptorStream.Ingest;

/// <summary>What publish decides by, before an event has a place in the sequence.</summary>
internal sealed record PublishRules
{
    public required IReadOnlyList<MeasureDefinition> Measures { get; init; }

    /// <summary>The first timestamp that windows can be made for.</summary>
    public required long FirstTicks { get; init; }

    /// <summary>The last timestamp that windows can be made for.</summary>
    public required long LastTicks { get; init; }

    /// <summary>How far ahead of the clock an event may be; null for no limit.</summary>
    public required long? FutureSkewTicks { get; init; }

    public required NonFinitePolicy NonFinite { get; init; }

    /// <summary>Events are stamped with the clock, whatever they say.</summary>
    public required bool ProcessingTime { get; init; }
}
