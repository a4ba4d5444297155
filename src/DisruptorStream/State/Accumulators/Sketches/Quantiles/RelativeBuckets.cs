using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <summary>
/// Buckets of positive doubles, each so narrow that one value of it is within the relative error of all its values.
/// </summary>
/// <remarks>
/// A bucket is a range of the logarithm, which is not computed: its whole part is the exponent, and between powers of
/// two a cubic takes its place whose slope is never below 10/7 of the natural logarithm's. That costs 1 % more buckets
/// than the logarithm (Masson, Rim and Lee, "DDSketch", VLDB 2019, section 2.2 and the mappings of their libraries).
/// </remarks>
internal readonly struct RelativeBuckets
{
    /// <summary>The smallest value that has a bucket: the smallest normal double.</summary>
    public const double MinValue = 2.2250738585072014E-308;

    /// <summary>Stands for the bucket of a value that has none: below all buckets.</summary>
    public const int NoBucket = -1;

    private const double A = 6.0 / 35;
    private const double B = -3.0 / 5;
    private const double C = 10.0 / 7;
    private const int ExponentBias = 1023;
    private const int MantissaBits = 52;
    private const long MantissaMask = (1L << MantissaBits) - 1;
    private const long One = (long)ExponentBias << MantissaBits;

    private const long IntegerMagic = 0x4330_0000_0000_0000;
    private const double IntegerMagicValue = 4503599627370496;

    // What rounding may add at a bucket's edge is taken off the width beforehand.
    private const double Margin = 1 - 1e-6;

    // The largest magnitude over the smallest that has a bucket of its own beside it: 2^57, which is above 10^17.
    private const int MinOctaves = 57;
    private const int MinBuckets = 2048;

    private readonly double _bucketsPerOctave;
    private readonly double _offset;

    /// <param name="relativeError">Between 0 and 1.</param>
    public RelativeBuckets(double relativeError)
    {
        var error = relativeError * Margin;
        _bucketsPerOctave = 7 / (10 * Math.Log((1 + error) / (1 - error)));
        _offset = Math.Ceiling((ExponentBias + 1) * _bucketsPerOctave);
        MaxBuckets = Math.Max(
            MinBuckets, (int)BitOperations.RoundUpToPowerOf2((uint)(MinOctaves * _bucketsPerOctave) + 1));
    }

    /// <summary>
    /// How many buckets a sketch keeps for either sign: enough for magnitudes that differ by a factor of 10^17.
    /// </summary>
    public int MaxBuckets { get; }

    /// <summary>The bucket of a value; it grows with the value.</summary>
    /// <param name="value">At least <see cref="MinValue"/>, and finite.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (double)(int)((bits >> MantissaBits) - ExponentBias);
        var fraction = BitConverter.Int64BitsToDouble((bits & MantissaMask) | One) - 1;
        var logarithm = (((((A * fraction) + B) * fraction) + C) * fraction) + exponent;

        // Never negative, so that cutting the fraction off rounds down.
        return (int)((logarithm * _bucketsPerOctave) + _offset);
    }

    /// <summary>The buckets of several values, four at a time: to the bit what one at a time gives.</summary>
    /// <param name="values">Any values; room for a multiple of four.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="indexes">
    /// Where the buckets go, with as much room; <see cref="NoBucket"/> for a value that has none.
    /// </param>
    public unsafe void IndexesOf(double* values, int count, int* indexes)
    {
        if (!Avx2.IsSupported)
        {
            for (var index = 0; index < count; index++)
                indexes[index] = values[index] >= MinValue ? IndexOf(values[index]) : NoBucket;
            return;
        }

        var perOctave = Vector256.Create(_bucketsPerOctave);
        var offset = Vector256.Create(_offset);
        for (var index = 0; index < count; index += Vector256<double>.Count)
        {
            var value = Vector256.Load(values + index);
            var bits = value.AsInt64();

            // A small integer becomes a double by the way of a power of two whose lowest bit counts 1.
            var exponent = ((bits >> MantissaBits) + Vector256.Create(IntegerMagic)).AsDouble()
                - Vector256.Create(IntegerMagicValue + ExponentBias);
            var fraction = ((bits & Vector256.Create(MantissaMask)) | Vector256.Create(One)).AsDouble()
                - Vector256.Create(1d);
            var logarithm = (((((Vector256.Create(A) * fraction) + Vector256.Create(B)) * fraction)
                + Vector256.Create(C)) * fraction) + exponent;
            var bucket = Avx.ConvertToVector128Int32WithTruncation((logarithm * perOctave) + offset);
            var hasBucket = Vector256.GreaterThanOrEqual(value, Vector256.Create(MinValue)).AsInt64();
            var narrow = Vector128.Narrow(hasBucket.GetLower(), hasBucket.GetUpper());
            Vector128.Store(Vector128.ConditionalSelect(narrow, bucket, Vector128.Create(NoBucket)), indexes + index);
        }
    }

    /// <summary>The value that is within the relative error of all values of a bucket.</summary>
    public double ValueOf(int index)
    {
        // The harmonic mean of the edges, taken apart into fraction and exponent so that neither overflows.
        var (low, lowExponent) = LowerEdge(index);
        var (high, highExponent) = LowerEdge(index + 1);
        var ratio = Math.ScaleB(low / high, lowExponent - highExponent);
        return Math.Min(Math.ScaleB(low * (2 / (1 + ratio)), lowExponent), double.MaxValue);
    }

    private (double Fraction, int Exponent) LowerEdge(int index)
    {
        var logarithm = (index - _offset) / _bucketsPerOctave;
        var exponent = Math.Floor(logarithm);
        var target = logarithm - exponent;
        var fraction = target;

        // Newton's iteration: the cubic is monotonic and almost straight, so a few steps reach the last bits.
        for (var step = 0; step < 6; step++)
        {
            var value = ((((A * fraction) + B) * fraction) + C) * fraction;
            var slope = (((3 * A * fraction) + (2 * B)) * fraction) + C;
            fraction -= (value - target) / slope;
        }

        return (1 + fraction, (int)exponent);
    }
}
