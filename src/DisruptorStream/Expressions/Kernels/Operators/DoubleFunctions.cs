namespace DisruptorStream.Expressions.Kernels.Operators;

/// <summary>The functions of one double, and of two.</summary>
internal static class DoubleFunctions
{
    public readonly struct Absolute : IDoubleFunction
    {
        public static double Apply(double value) => Math.Abs(value);
    }

    public readonly struct Sign : IDoubleFunction
    {
        public static double Apply(double value) => value > 0 ? 1 : value < 0 ? -1 : value;
    }

    public readonly struct Negate : IDoubleFunction
    {
        public static double Apply(double value) => 0 - value;
    }

    public readonly struct Floor : IDoubleFunction
    {
        public static double Apply(double value) => Math.Floor(value);
    }

    public readonly struct Ceiling : IDoubleFunction
    {
        public static double Apply(double value) => Math.Ceiling(value);
    }

    public readonly struct Truncate : IDoubleFunction
    {
        public static double Apply(double value) => Math.Truncate(value);
    }

    /// <summary>To the nearest integer; halves away from zero.</summary>
    public readonly struct Round : IDoubleFunction
    {
        public static double Apply(double value) => Math.Round(value, MidpointRounding.AwayFromZero);
    }

    public readonly struct SquareRoot : IDoubleFunction
    {
        public static double Apply(double value) => Math.Sqrt(value);
    }

    public readonly struct NaturalLogarithm : IDoubleFunction
    {
        public static double Apply(double value) => Math.Log(value);
    }

    public readonly struct DecimalLogarithm : IDoubleFunction
    {
        public static double Apply(double value) => Math.Log10(value);
    }

    public readonly struct Exponential : IDoubleFunction
    {
        public static double Apply(double value) => Math.Exp(value);
    }

    public readonly struct Power : IDoubleFunction2
    {
        public static double Apply(double first, double second) => Math.Pow(first, second);
    }

    /// <summary>What is left of a division; it has the sign of the first.</summary>
    public readonly struct Remainder : IDoubleFunction2
    {
        public static double Apply(double first, double second) => first % second;
    }

    /// <summary>How many times the second is in the first, towards zero.</summary>
    public readonly struct Quotient : IDoubleFunction2
    {
        public static double Apply(double first, double second) => Math.Truncate(first / second);
    }

    /// <summary>To a number of decimals, 15 at most; fewer than 0 round to tens, hundreds and so on.</summary>
    public readonly struct RoundTo : IDoubleFunction2
    {
        private const int MostDecimals = 15;

        // From here on a double has no fraction.
        private const double Whole = 1L << 52;

        public static double Apply(double first, double second)
        {
            if (!(Math.Abs(second) <= MostDecimals))
                return double.IsNaN(second) ? second : second > 0 ? first : 0;
            var decimals = (int)second;
            if (decimals >= 0)
                return Math.Abs(first) >= Whole ? first : Math.Round(first, decimals, MidpointRounding.AwayFromZero);
            var unit = Math.Pow(10, -decimals);
            return Math.Round(first / unit, MidpointRounding.AwayFromZero) * unit;
        }
    }
}
