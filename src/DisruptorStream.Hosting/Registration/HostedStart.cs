using DisruptorStream.Sources;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Topology.Durable.Recording;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Hosting.Registration;

/// <summary>What the steps of a pipeline say, which the host's own options start from.</summary>
/// <param name="Options">The engine's options.</param>
/// <param name="Watermarks">How event time goes on.</param>
/// <param name="Durable">Where and how it is durable; null where it is not.</param>
/// <param name="Recorder">What its flight recorder keeps; null where it has none.</param>
/// <param name="Sources">How the sources are read that it reads by itself, by name.</param>
internal readonly record struct HostedStart(
    StreamProcessorOptions Options,
    WatermarkOptions Watermarks,
    DurableSettings? Durable,
    RecorderSettings? Recorder,
    IReadOnlyDictionary<string, SourceOptions> Sources);
