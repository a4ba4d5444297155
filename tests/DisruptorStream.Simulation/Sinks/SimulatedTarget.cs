namespace DisruptorStream.Simulation.Sinks;

/// <summary>What simulated sinks write to: it outlives processes.</summary>
internal sealed class SimulatedTarget
{
    /// <summary>The rows, in the order in which they came.</summary>
    public List<(long Number, string Line)> Rows { get; } = [];

    /// <summary>The number of the last result that it says that it holds.</summary>
    public long Number { get; set; }

    /// <summary>Whose it is.</summary>
    public long Epoch { get; set; }
}
