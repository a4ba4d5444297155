using System.Runtime.InteropServices;

namespace DisruptorStream.State.Accumulators.Sketches.DistinctSums;

/// <summary>What a record holds of a sum over different values: a sample of them, all while they are few.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DistinctSumState
{
    /// <summary>
    /// Two arrays of the same length: a hash table of the values' hashes, 0 where free; their weights.
    /// </summary>
    public BlockRange Range;

    /// <summary>How many values are kept.</summary>
    public int Count;

    /// <summary>The lowest rank of those that are not kept; infinite where all are.</summary>
    public double Threshold;
}
