using System.Runtime.Intrinsics;

namespace DisruptorStream.Expressions.Kernels.Operators;

/// <summary>The operations of integers that vectors have.</summary>
internal static class IntegerOperations
{
    public readonly struct Add : IIntegerOperation
    {
        public static Vector256<long> Apply(
            Vector256<long> left, Vector256<long> right, out Vector256<long> overflow)
        {
            var result = left + right;

            // Both operands have one sign, and the result has the other.
            overflow = (left ^ result) & (right ^ result);
            return result;
        }
    }

    public readonly struct Subtract : IIntegerOperation
    {
        public static Vector256<long> Apply(
            Vector256<long> left, Vector256<long> right, out Vector256<long> overflow)
        {
            var result = left - right;
            overflow = (left ^ right) & (left ^ result);
            return result;
        }
    }
}
