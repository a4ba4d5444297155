using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Sums;

/// <summary>Count, and the sum with every bit: a fixed-point number over the whole range of doubles.</summary>
/// <remarks>
/// The small superaccumulator of Neal, "Fast exact summation using small and large superaccumulators" (2015,
/// arXiv:1505.05571): 67 signed words, each 2^32 times the one before, into two of which a value's mantissa is added.
/// Carries between the words are settled after a number of additions. Reading rounds to the nearest, ties to even.
/// </remarks>
internal struct ExactSum : IAccumulatorState<ExactSum>
{
    private const int WordCount = 67;
    private const int WordBits = 32;
    private const long WordMask = (1L << WordBits) - 1;
    private const int MantissaBits = 52;

    // The upper of the two words grows by less than 2^53 for each value: 2^9 of them stay far from 2^63.
    private const int AdditionsBeforeSettling = 512;

    private Words _words;
    private int _unsettled;
    private long _count;

    public static ExactSum Initial => default;

    public static bool IsChecked => true;

    public static bool IsValid(in ExactSum state) => state._unsettled is >= 0 and <= AdditionsBeforeSettling;

    public static void Accumulate(ref ExactSum state, in Measurement measurement)
    {
        if (state._unsettled == AdditionsBeforeSettling)
            Settle(ref state);
        var bits = measurement.Bits;
        var exponent = (int)(bits >> MantissaBits) & 0x7FF;
        var mantissa = bits & ((1L << MantissaBits) - 1);
        if (exponent == 0)
            exponent = 1;
        else
            mantissa |= 1L << MantissaBits;

        // The mantissa's lowest bit counts 2^(exponent - 1075): bit 0 of the words counts 2^-1074.
        var position = exponent - 1;
        var shift = position & (WordBits - 1);
        var low = (mantissa << shift) & WordMask;
        var high = mantissa >> (WordBits - shift);
        var sign = bits >> 63;
        ref var word = ref Unsafe.Add(ref Unsafe.As<Words, long>(ref state._words), position / WordBits);
        word += (low ^ sign) - sign;
        Unsafe.Add(ref word, 1) += (high ^ sign) - sign;
        state._unsettled++;
        state._count++;
    }

    public static void Merge(ref ExactSum state, in ExactSum later)
    {
        var other = later;
        Settle(ref state);
        Settle(ref other);
        for (var index = 0; index < WordCount; index++)
            state._words[index] += other._words[index];
        state._unsettled = 1;
        state._count += other._count;
    }

    public static long Read(in ExactSum state, in MetricQuery query, MeasureDefinition? measure) => query.Kind switch
    {
        MetricKind.Count => state._count,
        MetricKind.Sum => BitConverter.DoubleToInt64Bits(Round(state)),
        MetricKind.Average => MetricBits.Quotient(Round(state), state._count),
        _ => throw MetricBits.NotKept(query),
    };

    /// <summary>Makes all words but the topmost one 0 to 2^32 - 1.</summary>
    private static void Settle(ref ExactSum state)
    {
        if (state._unsettled == 0)
            return;
        for (var index = 0; index < WordCount - 1; index++)
        {
            var word = state._words[index];
            state._words[index] = word & WordMask;
            state._words[index + 1] += word >> WordBits;
        }

        state._unsettled = 0;
    }

    private static double Round(ExactSum state)
    {
        state._unsettled = 1;
        Settle(ref state);
        var isNegative = state._words[WordCount - 1] < 0;
        if (isNegative)
        {
            for (var index = 0; index < WordCount; index++)
                state._words[index] = -state._words[index];
            state._unsettled = 1;
            Settle(ref state);
        }

        var top = WordCount - 1;
        while (top > 0 && state._words[top] == 0)
            top--;
        var magnitude = Magnitude(in state, top);
        return isNegative ? -magnitude : magnitude;
    }

    /// <summary>The words from the top one down, as a double: three of them and whether anything lies below.</summary>
    private static double Magnitude(in ExactSum state, int top)
    {
        var bits = UInt128.Zero;
        for (var index = top; index > top - 3; index--)
            bits = (bits << WordBits) | (ulong)(index < 0 ? 0 : state._words[index]);
        var isInexact = false;
        for (var index = top - 3; index >= 0; index--)
            isInexact |= state._words[index] != 0;

        var excess = Math.Max(0, 128 - (int)UInt128.LeadingZeroCount(bits) - (MantissaBits + 1));
        var mantissa = (ulong)(bits >> excess);
        if (excess > 0)
        {
            var rest = bits & ((UInt128.One << excess) - 1);
            var half = UInt128.One << (excess - 1);
            if (rest > half || (rest == half && (isInexact || (mantissa & 1) != 0)))
                mantissa++;
        }

        // A sum of doubles is a multiple of 2^-1074, so scaling rounds nothing below the normal range either.
        return Math.ScaleB(mantissa, excess + ((top - 2) * WordBits) - 1074);
    }

    [InlineArray(WordCount)]
    private struct Words
    {
        private long _first;
    }
}
