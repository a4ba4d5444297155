using System.Runtime.InteropServices;

namespace DisruptorStream.State.Accumulators.Sketches.Tops;

/// <summary>What a record holds of a summary of the values of most weight.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TopState
{
    /// <summary>Three arrays of the same length, one after the other: values, weights, errors.</summary>
    public BlockRange Range;

    /// <summary>How many values are kept.</summary>
    public int Count;
}
