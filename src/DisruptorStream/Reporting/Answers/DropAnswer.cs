using DisruptorStream.Events;
using DisruptorStream.Watermarks.History;

namespace DisruptorStream.Reporting.Answers;

/// <summary>Says why an event was dropped, and what would have saved it.</summary>
/// <remarks>Immutable.</remarks>
public sealed record DropAnswer
{
    internal DropAnswer()
    {
    }

    /// <summary>Why it was dropped.</summary>
    public required DropReason Reason { get; init; }

    /// <summary>The sequence of the event.</summary>
    public required long Sequence { get; init; }

    /// <summary>Its time, in ticks of 100 ns since the Unix epoch.</summary>
    public required long TimestampTicks { get; init; }

    /// <summary>
    /// For <see cref="DropReason.Late"/>, the end of the last of its windows, of a session the event's time plus the
    /// gap; null for other reasons and custom windows.
    /// </summary>
    public required long? WindowEndTicks { get; init; }

    /// <summary>The watermark from which on such an event is too late: that end and the allowed lateness.</summary>
    public required long? ExpiryTicks { get; init; }

    /// <summary>
    /// The watermark by which it was judged; where <see cref="IsExact"/> is false, a lower one that is known. Null
    /// where none is.
    /// </summary>
    public required long? WatermarkTicks { get; init; }

    /// <summary>Whether <see cref="WatermarkTicks"/> and <see cref="LatenessNeeded"/> are exact.</summary>
    public required bool IsExact { get; init; }

    /// <summary>
    /// What moved the watermark past <see cref="ExpiryTicks"/>; null for other reasons, and where it is no longer kept
    /// (<see cref="StreamProcessorOptions.WatermarkHistory"/>).
    /// </summary>
    public required WatermarkAdvance? Culprit { get; init; }

    /// <summary>
    /// The least allowed lateness that would have taken it; at least that much where not exact. Null for silences,
    /// which allow none.
    /// </summary>
    public required TimeSpan? LatenessNeeded { get; init; }

    /// <summary>The answer in one or two sentences.</summary>
    public required string Summary { get; init; }

    /// <summary>The answer as text for people.</summary>
    public override string ToString() => Summary;
}
