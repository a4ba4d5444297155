namespace DisruptorStream.Simulation.Processors;

/// <summary>Something that is done to a stream, in one slot, or one for each of its events.</summary>
internal abstract record SimulatedStep
{
    /// <summary>Events of a source, published together.</summary>
    internal sealed record Publish(int Source, SimulatedEvent[] Events) : SimulatedStep;

    /// <summary>A watermark of a source.</summary>
    internal sealed record Watermark(int Source, long Ticks) : SimulatedStep;

    /// <summary>A source is idle.</summary>
    internal sealed record Idle(int Source) : SimulatedStep;

    /// <summary>A source goes away.</summary>
    internal sealed record Remove(int Source) : SimulatedStep;

    /// <summary>The clock moves on, and is handed to the stages.</summary>
    internal sealed record Clock(long Ticks) : SimulatedStep;
}
