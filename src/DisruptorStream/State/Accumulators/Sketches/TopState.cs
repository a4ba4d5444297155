using System.Runtime.InteropServices;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <summary>What a record holds of a summary of frequent values.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TopState
{
    /// <summary>Three arrays of the same length, one after the other: values, counts, errors.</summary>
    public BlockRange Range;

    /// <summary>How many values are kept count of.</summary>
    public int Count;
}
