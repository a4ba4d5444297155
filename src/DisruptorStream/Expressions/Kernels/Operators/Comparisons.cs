using System.Runtime.Intrinsics;

namespace DisruptorStream.Expressions.Kernels.Operators;

/// <summary>The comparisons; the others are these with their operands exchanged, or their opposites.</summary>
internal static class Comparisons
{
    public readonly struct Equal : IComparison
    {
        public static Vector256<T> Apply<T>(Vector256<T> left, Vector256<T> right) => Vector256.Equals(left, right);

        public static bool Holds(int order) => order == 0;
    }

    public readonly struct Less : IComparison
    {
        public static Vector256<T> Apply<T>(Vector256<T> left, Vector256<T> right) => Vector256.LessThan(left, right);

        public static bool Holds(int order) => order < 0;
    }

    public readonly struct LessOrEqual : IComparison
    {
        public static Vector256<T> Apply<T>(Vector256<T> left, Vector256<T> right) =>
            Vector256.LessThanOrEqual(left, right);

        public static bool Holds(int order) => order <= 0;
    }
}
