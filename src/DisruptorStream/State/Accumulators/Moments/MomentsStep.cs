using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DisruptorStream.State.Accumulators.Moments;

/// <summary>What one value does to the lanes (count, sum, -min, max) of the moments, on processors with AVX.</summary>
/// <remarks>Inlined into every loop over values, which differ only in how they find records.</remarks>
internal static unsafe class MomentsStep
{
    private const byte ExtremeLanes = 0b1100;

    /// <summary>Folds a value, which all lanes hold, into a record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(double* record, Vector256<double> value)
    {
        var state = Avx.LoadVector256(record);
        Store(record, Added(state, value), Extreme(state, value));
    }

    /// <summary>Count and sum with a value more; what the other lanes hold is of no use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Added(Vector256<double> state, Vector256<double> value) =>
        Avx.Add(state, Avx.Blend(Vector256.Create(1d, 0d, 0d, 0d), value, 0b0010));

    /// <summary>Minimum and maximum with a value more; what the other lanes hold is of no use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Extreme(Vector256<double> state, Vector256<double> value) =>
        Avx.Max(state, Avx.Xor(value, Vector256.Create(0d, 0d, -0d, 0d)));

    /// <summary>Writes count and sum of the one, minimum and maximum of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* record, Vector256<double> added, Vector256<double> extreme) =>
        Avx.Store(record, Avx.Blend(added, extreme, ExtremeLanes));
}
