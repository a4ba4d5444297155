using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Reporting.Answers;

/// <summary>Says why there is no result: what a window waits for, who holds it, and what can be done.</summary>
/// <remarks>
/// Immutable. Taken as <see cref="ProcessorStats"/> are, without stopping anything; it waits at most for the batch of
/// slots that is being assigned, at most 1,024 of them.
/// </remarks>
public sealed record NoResultAnswer
{
    private static readonly IReadOnlyDictionary<string, NoResultAnswer> NoQueries =
        new Dictionary<string, NoResultAnswer>(StringComparer.Ordinal);

    internal NoResultAnswer()
    {
    }

    /// <summary>The answer in one word.</summary>
    public required NoResultReason Reason { get; init; }

    /// <summary>
    /// The answer in one sentence, without a full stop: "1 window is open until 20:32:50, and the watermark is
    /// 20:32:39, held by 'wire'; no event for 5 s". Times are in UTC, without a date where that is today's.
    /// </summary>
    public required string Summary { get; init; }

    /// <summary>What can be done, each a sentence; empty where nothing need be done.</summary>
    public required IReadOnlyList<string> Advice { get; init; }

    /// <summary>What it has done so far.</summary>
    public required ProcessorStats Stats { get; init; }

    /// <summary>
    /// How many windows have events and are not complete; null for sessions and custom windows, which
    /// <see cref="ProcessorStats.ActiveWindows"/> counts.
    /// </summary>
    public required long? OpenWindowCount { get; init; }

    /// <summary>The first 16 of these, by their end.</summary>
    public required IReadOnlyList<TimeWindow> OpenWindows { get; init; }

    /// <summary>The end of the first open window, in ticks since the Unix epoch; null for none that is known.</summary>
    public long? NextEndTicks => OpenWindows.Count == 0 ? null : OpenWindows[0].EndTicks;

    /// <summary>
    /// The end of the last open window; of sessions the newest event's time plus the gap, which none of them is after.
    /// Null where it is not known.
    /// </summary>
    public required long? LastEndTicks { get; init; }

    /// <summary>
    /// The time that the next event of each source must have to complete a window; null if not known.
    /// </summary>
    public required long? NeededTimestampTicks { get; init; }

    /// <summary>The combined watermark; null for none yet.</summary>
    public long? WatermarkTicks => Stats.WatermarkTicks;

    /// <summary>The source that the watermark waits for, with what it sent last; null for none.</summary>
    public SourceWatermark? Holder
    {
        get
        {
            foreach (var source in Stats.Sources)
            {
                if (source.HoldsWatermark)
                    return source;
            }

            return null;
        }
    }

    /// <summary>
    /// How long no source has done anything, by the host's clock; null where that is not known, or there is no source.
    /// </summary>
    public required TimeSpan? QuietFor { get; init; }

    /// <summary>
    /// What moved the watermark past the end of a window last; null for nothing, and where
    /// <see cref="StreamProcessorOptions.WatermarkHistory"/> is 0.
    /// </summary>
    public required WatermarkAdvance? LastAdvance { get; init; }

    /// <summary>
    /// The step of the watermark after which most events came too late; null where none did, where it is not kept, and
    /// for sessions and custom windows.
    /// </summary>
    public required WatermarkAdvance? Culprit { get; init; }

    /// <summary>
    /// The allowed lateness that would have saved all events that came too late because of the culprit.
    /// </summary>
    public required TimeSpan? LatenessNeeded { get; init; }

    /// <summary>
    /// A jump guard that would have held the culprit, where it is an event that was far ahead of the others; else null.
    /// </summary>
    public required JumpGuardOptions? ProposedGuard { get; init; }

    /// <summary>Of a stream, the same of each query by its name; empty for a processor and a query.</summary>
    public IReadOnlyDictionary<string, NoResultAnswer> Queries { get; init; } = NoQueries;

    /// <summary>The answer as text for people: the sentence, a line for each source, and what can be done.</summary>
    public override string ToString() => AnswerText.Of(this);
}
