using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <summary>What a record holds of a quantile sketch: few values as they are, or counts by bucket.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct QuantileState
{
    public const int IsSketch = -1;

    /// <summary>The buckets of the positive values, or the block of the values themselves.</summary>
    public BlockRange Positive;

    /// <summary>How many values are kept as they are; <see cref="IsSketch"/> once there were too many.</summary>
    public int Values;

    /// <summary>The buckets of the negative values, by magnitude.</summary>
    public BlockRange Negative;

    /// <summary>How many were zero, or too small for a bucket.</summary>
    public long Zeros;

    /// <summary>The smallest value, once values are not kept any more.</summary>
    public double Min;

    /// <summary>The largest value, once values are not kept any more.</summary>
    public double Max;

    /// <summary>Widens what a sketch knows of its ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Span(double low, double high)
    {
        if (low < Min)
            Min = low;
        if (high > Max)
            Max = high;
    }
}
