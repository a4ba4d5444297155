namespace DisruptorStream.Statistics;

/// <summary>Checks what is handed to statistics.</summary>
internal static class StatisticsGuard
{
    public static void ThrowUnlessFinite(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(
                nameof(value), value, $"The value is {value}; statistics take finite numbers only.");
        }
    }

    public static void ThrowUnlessThreshold(double threshold)
    {
        if (!(threshold > 0) || double.IsInfinity(threshold))
        {
            throw new ArgumentOutOfRangeException(
                nameof(threshold), threshold, $"The threshold is a finite number above 0; it was {threshold}.");
        }
    }
}
