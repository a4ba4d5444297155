namespace DisruptorStream.Expressions.Kernels.Operators;

/// <summary>The functions of integers; those of one take it as the first.</summary>
internal static class IntegerFunctions
{
    public readonly struct Multiply : IIntegerFunction
    {
        public static bool TryApply(long first, long second, out long result)
        {
            var high = Math.BigMul(first, second, out result);
            return high == result >> 63;
        }
    }

    /// <summary>How many times the second is in the first, towards zero.</summary>
    public readonly struct Quotient : IIntegerFunction
    {
        public static bool TryApply(long first, long second, out long result)
        {
            result = 0;
            if (second == 0 || (second == -1 && first == long.MinValue))
                return false;
            result = first / second;
            return true;
        }
    }

    /// <summary>What is left of a division; it has the sign of the first.</summary>
    public readonly struct Remainder : IIntegerFunction
    {
        public static bool TryApply(long first, long second, out long result)
        {
            // By -1 nothing is left, and the processor would fail for the smallest integer.
            result = second is 0 or -1 ? 0 : first % second;
            return second != 0;
        }
    }

    public readonly struct Negate : IIntegerFunction
    {
        public static bool TryApply(long first, long second, out long result)
        {
            result = unchecked(-first);
            return first != long.MinValue;
        }
    }

    public readonly struct Absolute : IIntegerFunction
    {
        public static bool TryApply(long first, long second, out long result)
        {
            result = unchecked(first < 0 ? -first : first);
            return result >= 0;
        }
    }

    public readonly struct Sign : IIntegerFunction
    {
        public static bool TryApply(long first, long second, out long result)
        {
            result = Math.Sign(first);
            return true;
        }
    }
}
