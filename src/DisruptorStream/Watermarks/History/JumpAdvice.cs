namespace DisruptorStream.Watermarks.History;

/// <summary>Proposes a jump guard where one event has run far ahead of what its source does otherwise.</summary>
internal static class JumpAdvice
{
    // How many times the usual step a jump must be, so that a limit fits between the two.
    private const int LeastRatio = 4;

    private static readonly int[] RoundSeconds =
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200];

    /// <summary>
    /// A guard that would have held the event; null where the step was none of an event, or not so long.
    /// </summary>
    /// <param name="step">The step after which most events came too late.</param>
    /// <param name="otherTicks">The longest of the other steps.</param>
    /// <param name="outOfOrdernessTicks">How far the watermark stays behind.</param>
    public static JumpGuardOptions? For(in AdvanceEntry step, long otherTicks, long outOfOrdernessTicks)
    {
        if (step.Cause != AdvanceCause.Event || step.FromTicks == long.MinValue || outOfOrdernessTicks < 0)
            return null;

        // Between what the source does and what this event did: neither is near the limit then.
        var usual = Math.Max(Math.Max(otherTicks, outOfOrdernessTicks), TimeSpan.TicksPerSecond);
        return step.StepTicks / LeastRatio < usual
            ? null
            : new JumpGuardOptions(Rounded(TimeSpan.FromTicks((long)Math.Sqrt((double)usual * step.StepTicks))));
    }

    /// <summary>Down to a span that a person would write.</summary>
    private static TimeSpan Rounded(TimeSpan span)
    {
        if (span >= TimeSpan.FromDays(1))
            return TimeSpan.FromDays((int)span.TotalDays);
        var index = RoundSeconds.Length - 1;
        while (index > 0 && span < TimeSpan.FromSeconds(RoundSeconds[index]))
            index--;
        return TimeSpan.FromSeconds(RoundSeconds[index]);
    }
}
