using System.Runtime.InteropServices;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <summary>What a record holds of a distinct counter: few hashes as they are, or registers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DistinctState
{
    public const int IsDense = -1;

    /// <summary>A hash table of hashes, 0 where free, or the registers, a byte each.</summary>
    public BlockRange Range;

    /// <summary>How many hashes are kept as they are; <see cref="IsDense"/> once there were too many.</summary>
    public int Hashes;
}
