using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>The 64 bits that results carry.</summary>
internal static class MetricBits
{
    /// <summary>One NaN for all metrics: the quiet NaN that .NET itself uses.</summary>
    public static long NaN { get; } = BitConverter.DoubleToInt64Bits(double.NaN);

    /// <summary>What a metric without a value shows: NaN, or 0 for an integer.</summary>
    public static long Missing(MeasureType type) => type == MeasureType.Double ? NaN : 0;

    /// <summary>A quotient over a number of events; NaN over none.</summary>
    public static long Quotient(double dividend, double divisor) =>
        divisor > 0 ? BitConverter.DoubleToInt64Bits(dividend / divisor) : NaN;

    /// <summary>The accumulator does not keep what the metric asks for: it was planned for another one.</summary>
    public static InvalidOperationException NotKept(in MetricQuery query) =>
        new($"The accumulator does not keep a metric of the kind {query.Kind}.");
}
