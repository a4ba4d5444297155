namespace DisruptorStream.Tests.Reporting.Answers;

/// <summary>Events of some sources, and how windows judge them.</summary>
/// <param name="SizeTicks">The size of the windows; of sessions the gap.</param>
/// <param name="SlideTicks">From one window to the next.</param>
/// <param name="OutOfOrdernessTicks">How far the watermark stays behind.</param>
/// <param name="LatenessTicks">How long windows take late events.</param>
/// <param name="Sources">How many there are.</param>
/// <param name="Steps">What they do, in this order.</param>
public sealed record LateCase(
    long SizeTicks, long SlideTicks, long OutOfOrdernessTicks, long LatenessTicks, int Sources, LateStep[] Steps)
{
    /// <summary>
    /// The combined watermark before each step, and after the last: the specification in a few lines.
    /// </summary>
    public long[] Watermarks()
    {
        var own = new long[Sources];
        Array.Fill(own, long.MinValue);
        var watermarks = new long[Steps.Length + 1];
        watermarks[0] = long.MinValue;
        for (var index = 0; index < Steps.Length; index++)
        {
            var step = Steps[index];
            var stated = step.IsWatermark ? step.Ticks : step.Ticks - OutOfOrdernessTicks;
            own[step.Source] = Math.Max(own[step.Source], stated);
            watermarks[index + 1] = Math.Max(watermarks[index], own.Min());
        }

        return watermarks;
    }

    /// <summary>The end of the last window of a time.</summary>
    public long LastEndOf(long time) => time - Mod(time, SlideTicks) + SizeTicks;

    private static long Mod(long value, long modulus) => ((value % modulus) + modulus) % modulus;
}
