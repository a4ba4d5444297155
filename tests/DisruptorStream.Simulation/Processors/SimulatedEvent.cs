namespace DisruptorStream.Simulation.Processors;

/// <summary>An event of a simulated stream.</summary>
internal readonly record struct SimulatedEvent(long Ticks, string? Tenant, int User, double Cost);
