using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Telemetry;

/// <summary>What a processor records while events flow, in instruments that were made before it.</summary>
/// <param name="ResultLatency">From publication to the call of the sinks, in seconds.</param>
/// <param name="BatchSize">Slots of a batch.</param>
/// <param name="SyncTime">How long a sync of the journal took, in seconds.</param>
internal sealed record ProcessorHistograms(
    GuardedHistogram<double> ResultLatency, GuardedHistogram<long> BatchSize, GuardedHistogram<double> SyncTime);
