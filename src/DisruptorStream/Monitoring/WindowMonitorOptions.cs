using DisruptorStream.Messages;

namespace DisruptorStream.Monitoring;

/// <summary>How a <see cref="WindowMonitor{TKey}"/> judges windows.</summary>
public sealed record WindowMonitorOptions
{
    /// <summary>From how many deviations on a window is an anomaly: above 0. Default 3.</summary>
    public double Threshold
    {
        get;
        init => field = OptionGuard.PositiveFinite(value);
    }
    = 3;

    /// <summary>How many windows of a key are learned before one is judged: 2 to 10,000. Default 10.</summary>
    public int WarmUp
    {
        get;
        init => field = OptionGuard.InRange(value, 2, 10_000);
    }
    = 10;

    /// <summary>
    /// Over how many of the key's last windows the median is taken, where it is to be compared with that and the median
    /// deviation: the warm-up to 10,000. Default 0: with the mean and the standard deviation of all windows.
    /// </summary>
    public int RobustWindow
    {
        get;
        init => field = OptionGuard.InRange(value, 0, 10_000);
    }

    /// <summary>The span of the moving average, in windows: 1 to 10,000. Default 10.</summary>
    public int AverageSpan
    {
        get;
        init => field = OptionGuard.InRange(value, 1, 10_000);
    }
    = 10;

    /// <summary>
    /// How many keys are remembered: 1 or more. Default 100,000; one more makes the key forgotten that was seen the
    /// longest ago.
    /// </summary>
    public int MaxKeys
    {
        get;
        init => field = OptionGuard.InRange(value, 1, int.MaxValue);
    }
    = 100_000;
}
