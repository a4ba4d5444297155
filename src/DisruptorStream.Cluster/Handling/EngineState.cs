using System.Runtime.InteropServices;
using DisruptorStream.Durability.Plans;

namespace DisruptorStream.Cluster.Handling;

/// <summary>The state of a query at one moment, when all its results were taken.</summary>
/// <param name="Plan">The plan of the query.</param>
/// <param name="Bytes">What it saved.</param>
/// <param name="ClockTicks">The clock of the last tick.</param>
/// <param name="NextNumber">The number of the next result.</param>
internal sealed record EngineState(StatePlan Plan, ReadOnlyMemory<byte> Bytes, long ClockTicks, long NextNumber)
{
    /// <summary>To read what was saved.</summary>
    public Stream Open()
    {
        if (!MemoryMarshal.TryGetArray(Bytes, out var array))
            array = Bytes.ToArray();
        return new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
    }
}
