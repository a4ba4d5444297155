using System.Globalization;

namespace DisruptorStream.Watermarks.History;

/// <summary>Says what would have saved the events that came too late because of one step of the watermark.</summary>
internal static class LateAdvice
{
    /// <summary>Sentences for people.</summary>
    /// <param name="culprit">The step.</param>
    /// <param name="guard">A guard that would have held it; null for none.</param>
    public static IReadOnlyList<string> Of(in AdvanceEntry culprit, JumpGuardOptions? guard)
    {
        var advice = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"AllowedLateness of {AdvanceText.Of(TimeSpan.FromTicks(culprit.LatenessTicks))} would have saved "
                + $"{culprit.LateCount:N0} late events."),
        };
        if (guard is not null)
        {
            advice.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"One event ran ahead of all others: with JumpGuard = new JumpGuardOptions(TimeSpan.FromSeconds("
                + $"{guard.Jump.TotalSeconds})) such an event is held until others confirm its time."));
        }

        return advice;
    }
}
