using System.Globalization;
using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>Says why events were dropped, and which setting decides it.</summary>
internal static class DropText
{
    /// <param name="counts">How many were dropped for each reason.</param>
    /// <param name="before">How many of these are not to be told.</param>
    public static string Of(in DropCounts counts, in DropCounts before)
    {
        var parts = new List<string>();
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            var count = counts[(int)reason] - before[(int)reason];
            if (count > 0)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {reason} ({Explain(reason)})"));
        }

        return string.Join(", ", parts);
    }

    /// <summary>What a reason means, and which setting decides it.</summary>
    public static string Explain(DropReason reason) => reason switch
    {
        DropReason.Late => "too late for all their windows: AllowedLateness, MaxOutOfOrderness",
        DropReason.NotFinite => "a measure was NaN or infinite: NonFinite",
        DropReason.FutureSkew => "too far ahead of the clock: FutureSkewLimit",
        DropReason.TimestampOutOfRange => "their windows do not fit the range of time",
        DropReason.KeyLimit => "too many keys: MaxKeys",
        DropReason.WindowLimit => "too many windows of a key: MaxWindowsPerKey",
        DropReason.SliceLimit => "too many slices open: MaxSlices",
        DropReason.AfterEnd => "after the end of input",
        DropReason.AssignerFailed => "the window assigner failed",
        DropReason.NoKey => "no key",
        DropReason.TimestampJump => "far ahead of their source, which went on without them: JumpGuard",
        _ => "unknown",
    };
}
