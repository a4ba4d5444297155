using DisruptorStream.Topology.Durable;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Hosting.Registration;

/// <summary>What the steps of a pipeline say, which the host's own options start from.</summary>
/// <param name="Options">The engine's options.</param>
/// <param name="Watermarks">How event time goes on.</param>
/// <param name="Durable">Where and how it is durable; null where it is not.</param>
internal readonly record struct HostedStart(
    StreamProcessorOptions Options, WatermarkOptions Watermarks, DurableSettings? Durable);
