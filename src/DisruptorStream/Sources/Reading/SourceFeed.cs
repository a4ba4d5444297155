using DisruptorStream.Ingest.Sources;
using DisruptorStream.Slots;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Sources.Reading;

/// <summary>What the readers of sources get of their processor.</summary>
internal sealed record SourceFeed
{
    /// <summary>The name of the processor.</summary>
    public required string Processor { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Where events go.</summary>
    public required EventRing Ring { get; init; }

    /// <summary>Knows how far sources had been read, and is told how far they are.</summary>
    public required SourceRegistry Registry { get; init; }

    /// <summary>Completes when all that was published so far is durable; null where nothing ever is.</summary>
    public required Func<Task>? WhenDurable { get; init; }
}
