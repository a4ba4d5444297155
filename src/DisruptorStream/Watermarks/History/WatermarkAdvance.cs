using System.Globalization;

namespace DisruptorStream.Watermarks.History;

/// <summary>One step of the combined watermark past the end of a window: what moved it, and how far.</summary>
/// <param name="Cause">What moved it.</param>
/// <param name="Sequence">The sequence of the slot that did.</param>
/// <param name="Source">The source of that slot; null where it has none, or has left since.</param>
/// <param name="TimestampTicks">
/// The time that the event, or the stated watermark, carries, in ticks of 100 ns since the Unix epoch; null for other
/// causes.
/// </param>
/// <param name="FromTicks">The watermark before the slot; null for none.</param>
/// <param name="ToTicks">
/// The watermark after it; <see cref="long.MaxValue"/> at the end of input.
/// </param>
public readonly record struct WatermarkAdvance(
    AdvanceCause Cause, long Sequence, string? Source, long? TimestampTicks, long? FromTicks, long ToTicks)
{
    /// <summary>The time of day as of the newest tick of the clock before it; null where there was none.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>
    /// False where the watermark passed the time in question earlier than this slot, and after the step that is known
    /// before it: for windows without a grid, such as sessions, not every step is kept.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>How many events came too late for all their windows because of it; 0 for sessions.</summary>
    public long EventsLate { get; init; }

    /// <summary>How far it moved the watermark; null for the first watermark and at the end of input.</summary>
    public TimeSpan? Step => FromTicks is { } from && ToTicks != long.MaxValue
        ? TimeSpan.FromTicks(ToTicks - from)
        : null;

    /// <summary>Shows a step, with names and dates for numbers; null for none.</summary>
    /// <param name="entry">The step.</param>
    /// <param name="sourceNames">Knows the names of sources; null for one that has left.</param>
    /// <param name="isExact">Whether it was that very step.</param>
    internal static WatermarkAdvance? Of(AdvanceEntry? entry, Func<int, string?> sourceNames, bool isExact = true) =>
        entry is not { } step ? null : new WatermarkAdvance(
            step.Cause,
            step.Sequence,
            step.Source == AdvanceEntry.NoSource ? null : sourceNames(step.Source),
            Shown(step.TimestampTicks),
            Shown(step.FromTicks),
            step.ToTicks)
        {
            At = step.ClockTicks == long.MinValue ? null : DateTimeOffset.UnixEpoch.AddTicks(step.ClockTicks),
            IsExact = isExact,
            EventsLate = step.LateCount,
        };

    /// <summary>What moved it, and how far, as a phrase for people.</summary>
    public override string ToString()
    {
        var what = Cause switch
        {
            AdvanceCause.Event => $"the event of {AdvanceText.Of(TimestampTicks ?? 0)}{OfSource}",
            AdvanceCause.Clock => "the clock",
            AdvanceCause.Watermark => $"the watermark {AdvanceText.Of(TimestampTicks ?? 0)} that was stated{OfSource}",
            AdvanceCause.Source => $"a source that no longer holds it{OfSource}",
            _ => "the end of the input",
        };
        var from = FromTicks is { } ticks ? $"from {AdvanceText.Of(ticks)}" : "from none";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what} (sequence {Sequence}), which moved the watermark {from} to {AdvanceText.Of(ToTicks)}");
    }

    private static long? Shown(long ticks) => ticks == long.MinValue ? null : ticks;

    private string OfSource => Source is null ? "" : $" of source '{Source}'";
}
