using System.Runtime.Intrinsics;

namespace DisruptorStream.Expressions.Kernels.Operators;

/// <summary>The operations of doubles that vectors have.</summary>
internal static class DoubleOperations
{
    public readonly struct Add : IDoubleOperation
    {
        public static Vector256<double> Apply(Vector256<double> left, Vector256<double> right) => left + right;
    }

    public readonly struct Subtract : IDoubleOperation
    {
        public static Vector256<double> Apply(Vector256<double> left, Vector256<double> right) => left - right;
    }

    public readonly struct Multiply : IDoubleOperation
    {
        public static Vector256<double> Apply(Vector256<double> left, Vector256<double> right) => left * right;
    }

    public readonly struct Divide : IDoubleOperation
    {
        public static Vector256<double> Apply(Vector256<double> left, Vector256<double> right) => left / right;
    }
}
