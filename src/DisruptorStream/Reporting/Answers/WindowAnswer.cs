using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Reporting.Answers;

/// <summary>Says how far a window of a key has come, and what it waits for.</summary>
/// <remarks>
/// Immutable. Events are told apart by window and not by key: what is said of first and last events is of all keys.
/// </remarks>
public sealed record WindowAnswer
{
    internal WindowAnswer()
    {
    }

    /// <summary>The window.</summary>
    public required TimeWindow Window { get; init; }

    /// <summary>How far it has come.</summary>
    public required WindowStage Stage { get; init; }

    /// <summary>
    /// Whether the key is known: an event has had it, and it was not given up for want of events. Null for keys of
    /// several names.
    /// </summary>
    public required bool? IsKeyKnown { get; init; }

    /// <summary>The combined watermark; null for none yet.</summary>
    public required long? WatermarkTicks { get; init; }

    /// <summary>The source that the watermark waits for; null for none.</summary>
    public required string? HeldBy { get; init; }

    /// <summary>The watermark at which it expires: its end and the allowed lateness.</summary>
    public required long ExpiryTicks { get; init; }

    /// <summary>What moved the watermark past its end; null before that, and where it is no longer kept.</summary>
    public required WatermarkAdvance? CompletedBy { get; init; }

    /// <summary>
    /// The first slot of the first run of events that the window took, of any key; null where none is kept: before
    /// the first event, after the expiry, and for events that came before a state was loaded.
    /// </summary>
    public required long? FirstSequence { get; init; }

    /// <summary>The last slot of the newest run of events that it took, of any key; null as the first.</summary>
    public required long? LastSequence { get; init; }

    /// <summary>Runs of events that it took: events in a row of one source and one slice of time.</summary>
    public required long Runs { get; init; }

    /// <summary>
    /// How many panes of it have been emitted so far, of all keys, retractions not counted; since the processor was
    /// built or loaded. Null where that is not kept: for windows that each key has of its own, where many windows have
    /// had panes since, and where <see cref="StreamProcessorOptions.WatermarkHistory"/> is 0.
    /// </summary>
    public required long? Panes { get; init; }

    /// <summary>
    /// When it took its first event, as of the newest tick of the clock before; null where not known.
    /// </summary>
    public required DateTimeOffset? Opened { get; init; }

    /// <summary>The answer in one or two sentences.</summary>
    public required string Summary { get; init; }

    /// <summary>The answer as text for people.</summary>
    public override string ToString() => Summary;
}
