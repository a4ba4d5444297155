using System.Runtime.Intrinsics;

namespace DisruptorStream.Expressions.Kernels;

/// <summary>An operation of two integers that vectors have.</summary>
internal interface IIntegerOperation
{
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    /// <param name="overflow">Negative where the result does not fit.</param>
    static abstract Vector256<long> Apply(Vector256<long> left, Vector256<long> right, out Vector256<long> overflow);
}
