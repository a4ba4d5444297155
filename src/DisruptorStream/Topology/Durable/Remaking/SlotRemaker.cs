using DisruptorStream.Events;
using DisruptorStream.Saving;

namespace DisruptorStream.Topology.Durable.Remaking;

/// <summary>Makes slots again of which a journal has only the order: of the events of their sources.</summary>
/// <remarks>One caller at a time.</remarks>
internal abstract class SlotRemaker : IDisposable
{
    /// <summary>Reads the events, and makes the slots that they were.</summary>
    /// <param name="place">Which events.</param>
    /// <param name="slots">Where the slots go.</param>
    /// <exception cref="StateException">
    /// The source is not there, or gives other events; the message says what to do.
    /// </exception>
    public abstract void Make(in RunPlace place, in EventView slots);

    public abstract void Dispose();
}
