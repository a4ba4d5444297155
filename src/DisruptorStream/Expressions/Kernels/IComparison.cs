using System.Runtime.Intrinsics;

namespace DisruptorStream.Expressions.Kernels;

/// <summary>A comparison of two values.</summary>
internal interface IComparison
{
    static abstract Vector256<T> Apply<T>(Vector256<T> left, Vector256<T> right);

    /// <param name="order">Below, at or above zero, as the left value is below, at or above the right one.</param>
    static abstract bool Holds(int order);
}
