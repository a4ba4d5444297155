namespace DisruptorStream.Watermarks.History;

/// <summary>What moved the combined watermark.</summary>
public enum AdvanceCause : byte
{
    /// <summary>An event: its time is the newest of its source.</summary>
    Event = 0,

    /// <summary>
    /// The clock: no source sent anything, and event time went on with it, or sources became idle and were left out. In
    /// processing time the clock moves it always.
    /// </summary>
    Clock,

    /// <summary>A watermark that a source stated itself.</summary>
    Watermark,

    /// <summary>A source that left, completed, or said that it is idle: the others no longer wait for it.</summary>
    Source,

    /// <summary>The input has ended.</summary>
    EndOfInput,
}
