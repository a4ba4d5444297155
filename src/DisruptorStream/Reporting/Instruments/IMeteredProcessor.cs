using DisruptorStream.Telemetry;

namespace DisruptorStream.Reporting.Instruments;

/// <summary>A processor as the instruments see it.</summary>
internal interface IMeteredProcessor
{
    /// <summary>Its name, as a tag.</summary>
    KeyValuePair<string, object?> Tag { get; }

    IReadOnlyList<StageClock> Stages { get; }

    /// <summary>What it has done so far: of one instant for all instruments of a collection.</summary>
    /// <param name="instrument">The number of the instrument that asks.</param>
    ProcessorStats Stats(int instrument);
}
