namespace DisruptorStream.Simulation.Sources;

/// <summary>A source failed, as chance had it.</summary>
internal sealed class SimulatedSourceException : Exception
{
    public SimulatedSourceException()
        : base("The source fails.")
    {
    }
}
