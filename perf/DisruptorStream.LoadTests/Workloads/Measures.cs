using System.Runtime.CompilerServices;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>
/// Several measures of an event, made from its one value: none has its largest where another has it by chance alone.
/// </summary>
internal static class Measures
{
    public const int Count = 4;

    /// <summary>The value, what it lacks of 16,384, twice the value, and the value above 1,024: all in 64ths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Of(double value, Span<double> measures)
    {
        measures[3] = 1024 + value;
        measures[2] = 2 * value;
        measures[1] = 16_384 - value;
        measures[0] = value;
    }
}
