using System.Runtime.Intrinsics;

namespace DisruptorStream.Expressions.Kernels;

/// <summary>An operation of two doubles that vectors have.</summary>
internal interface IDoubleOperation
{
    static abstract Vector256<double> Apply(Vector256<double> left, Vector256<double> right);
}
