using DisruptorStream.Telemetry;

namespace DisruptorStream.Building.Instruments;

/// <summary>A processor as the instruments see it.</summary>
internal interface IMeteredProcessor
{
    /// <summary>Its name, as a tag.</summary>
    KeyValuePair<string, object?> Tag { get; }

    IReadOnlyList<StageClock> Stages { get; }

    ProcessorStats Stats();
}
